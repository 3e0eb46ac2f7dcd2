"""Bulk matching against what an analyst would write with geopandas, giving the same four columns."""

import time
from collections.abc import Callable

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame, Series
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from boundaries.areas import AreaIndex, at_points, load_index
from tests.scopes import SYSTEM

NUMBER = 1_000_000
ROUNDS = 3
LIMIT = 2000


def points_like_people(index: AreaIndex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lat, lon of points around every subdistrict, some of which fall into the sea or abroad."""
    rng = np.random.default_rng(2569)
    middles = shapely.get_coordinates(shapely.centroid(index.shapes))
    lon, lat = (middles[rng.integers(0, len(middles), NUMBER)] + rng.normal(0, 0.03, (NUMBER, 2))).T
    return lat, lon


def by_geopandas(
    areas: GeoDataFrame, flat: GeoDataFrame, lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> DataFrame:
    """Match with sjoin and, for the rest, sjoin_nearest in UTM; ties to the smallest code."""
    points = GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=4326)
    joined = first_code(points.sjoin(areas, predicate="within", how="left"))
    missing = points[joined.isna().to_numpy()]
    near = first_code(missing.to_crs(32647).sjoin_nearest(flat, max_distance=LIMIT, how="inner"))
    codes = joined.copy()
    codes.loc[near.index] = near
    match = np.where(joined.notna(), "inside", np.where(codes.notna(), "nearest", "outside"))
    return DataFrame(
        {
            "subdistrict_code": codes,
            "district_code": codes.str[:4],
            "province_code": codes.str[:2],
            "area_match": match,
        }
    )


def first_code(joined: GeoDataFrame) -> Series:
    """Keep one row per point: the smallest code."""
    codes = joined["code"].sort_values()
    return codes[~codes.index.duplicated()].sort_index()


def by_us(index: AreaIndex, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> DataFrame:
    """Match with the product."""
    found = at_points(index, lat, lon)
    names = ("subdistrict_code", "district_code", "province_code", "area_match")
    return DataFrame({name: getattr(found, name) for name in names})


def seconds(work: Callable[[], DataFrame]) -> tuple[float, DataFrame]:
    """Return the CPU time of one run, which a busy machine does not stretch, and its result."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


@pytest.mark.bench
@pytest.mark.shared
def test_bulk_matching_against_geopandas(thailand_engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        index = load_index(session)
    lat, lon = points_like_people(index)
    areas = GeoDataFrame({"code": index.codes.astype(str)}, geometry=index.shapes, crs=4326)
    flat = areas.to_crs(32647)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        spent, mine = seconds(lambda: by_us(index, lat, lon))
        ours.append(spent)
        spent, other = seconds(lambda: by_geopandas(areas, flat, lat, lon))
        theirs.append(spent)
    same = (mine.fillna("") == other.fillna("")).all(axis=1).mean()
    ratio = min(ours) / min(theirs)
    with capsys.disabled():
        print(
            f"\nat_points {NUMBER:,} points: {min(ours):.2f} s ({NUMBER / min(ours):,.0f}/s), "
            f"geopandas {min(theirs):.2f} s, ratio {ratio:.2f} (at most 1.2), same answer {same:.4%}"
        )
    # UTM and the local plane measure a little differently near 2 km and near ties.
    assert same > 0.9999
    assert ratio <= 1.2
