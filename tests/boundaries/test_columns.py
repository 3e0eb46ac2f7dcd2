"""Columns are guessed from known habits, and can be stated."""

import pytest

from boundaries.columns import ColumnMissing, ColumnsMisread, find_columns, parse_columns


@pytest.mark.parametrize(
    ("names", "code", "name_th", "name_en"),
    [
        (["code", "name_th", "name_en", "parent_code"], "code", "name_th", "name_en"),
        (["ADM3_EN", "ADM3_TH", "ADM3_PCODE", "ADM2_PCODE", "ADM1_PCODE"], "ADM3_PCODE", "ADM3_TH", "ADM3_EN"),
        (["adm2_pcode", "adm2_name", "adm2_name1", "adm1_pcode"], "adm2_pcode", "adm2_name1", "adm2_name"),
        (["pro_code", "pro_th", "amp_code", "amp_th", "tam_code", "tam_th"], "tam_code", "tam_th", None),
        (["ISO", "NAME_1"], "ISO", None, "NAME_1"),
    ],
)
def test_guessed(names: list[str], code: str, name_th: str | None, name_en: str | None) -> None:
    found = find_columns(names)
    assert (found.code, found.name_th, found.name_en) == (code, name_th, name_en)


def test_names_of_higher_levels_beside_the_lowest() -> None:
    found = find_columns(["ADM3_PCODE", "ADM3_TH", "ADM2_TH", "ADM1_TH", "ADM1_EN"])
    assert found.parents_th == {"district": "ADM2_TH", "province": "ADM1_TH"}
    assert found.parents_en == {"province": "ADM1_EN"}


def test_stated_columns_come_first() -> None:
    stated = parse_columns("code = รหัส , name_th=ชื่อ")
    found = find_columns(["code", "รหัส", "ชื่อ", "name_en"], stated)
    assert (found.code, found.name_th, found.name_en) == ("รหัส", "ชื่อ", "name_en")


def test_what_is_missing_is_named_with_what_is_there() -> None:
    with pytest.raises(ColumnMissing, match="fid, shape_area"):
        find_columns(["fid", "shape_area"])
    with pytest.raises(ColumnMissing, match="ADM9"):
        find_columns(["code"], {"code": "ADM9"})


@pytest.mark.parametrize("text", ["code", "code=", "colour=red", "=x"])
def test_a_mapping_of_another_form(text: str) -> None:
    with pytest.raises(ColumnsMisread, match="name_th"):
        parse_columns(text)
