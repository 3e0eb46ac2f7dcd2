"""GeoParquet 1.1: typed columns, shapes as WKB, dictionary and facts in the metadata of the file and its columns."""

import json
from typing import Any, BinaryIO

import shapely

from layers.exporting.content import Content
from layers.exporting.dictionary import entries

SHAPE = "geometry"


def write(content: Content, file: BinaryIO) -> None:
    """Write one file with one table."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "yes_no": pa.bool_(),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata={"title_th": column.title.th, "title_en": column.title.en})
        for column in content.columns
    ]
    arrays = [
        pa.array([row[place] for row in content.rows], type=types[column.kind])
        for place, column in enumerate(content.columns)
    ]
    shapes = pa.array(shapely.to_wkb(content.shapes).tolist(), type=pa.binary())
    schema = pa.schema([*fields, pa.field(SHAPE, pa.binary())], metadata=_metadata(content))
    parquet.write_table(pa.Table.from_arrays([*arrays, shapes], schema=schema), file, compression="zstd")


def _metadata(content: Content) -> dict[str, str]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [content.shape_kind]}
    box = content.bounds()
    if box:
        column["bbox"] = list(box)
    geo = {"version": "1.1.0", "primary_column": SHAPE, "columns": {SHAPE: column}}
    about = [{"name": name, "th": words.th, "en": words.en} for name, words in content.about.facts()]
    dictionary = [vars(entry) for entry in entries(content) if entry.part == "column"]
    told = {"audience": content.about.audience, "about": about, "dictionary": dictionary}
    return {"geo": json.dumps(geo), "socialmap": json.dumps(told, ensure_ascii=False)}
