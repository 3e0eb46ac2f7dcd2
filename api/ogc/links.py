"""Links of OGC answers: absolute, because clients join them with nothing."""

from fastapi import Request

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

Link = dict[str, str]


def root(request: Request) -> str:
    """Return the address of the landing page as the client wrote its host (which the guard has checked)."""
    return f"{request.url.scheme}://{request.url.netloc}/ogc"


def link(rel: str, href: str, media_type: str, title: str) -> Link:
    """Make one link."""
    return {"rel": rel, "href": href, "type": media_type, "title": title}


def self_link(request: Request, media_type: str = JSON) -> Link:
    """Link to the very answer."""
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{request.url.scheme}://{request.url.netloc}{request.url.path}{query}"
    return link("self", address, media_type, "เอกสารนี้ / This document")


def landing_links(request: Request) -> list[Link]:
    """Link from the landing page to everything else."""
    base = root(request)
    return [
        self_link(request),
        link("alternate", f"{base}?f=html", HTML, "หน้านี้เป็น HTML / This page as HTML"),
        link("service-desc", f"{base}/api", OPENAPI, "คำอธิบายบริการ / API definition"),
        link("conformance", f"{base}/conformance", JSON, "มาตรฐานที่รองรับ / Conformance classes"),
        link("data", f"{base}/collections", JSON, "ชุดข้อมูล / Collections"),
    ]


def collection_links(request: Request, name: str) -> list[Link]:
    """Link from a collection to itself and its features."""
    base = f"{root(request)}/collections/{name}"
    return [
        link("self", base, JSON, "ชุดข้อมูลนี้ / This collection"),
        link("items", f"{base}/items", GEOJSON, "รายการ / Features"),
    ]
