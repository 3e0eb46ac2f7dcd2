"""Codes of areas, whole or in parts."""

import pytest

from layers.importing.area_codes import BadAreaCode, CodesDisagree, read_area_code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"area_code": "700101"}, "700101"),
        ({"area_code": "๗๐๐๑"}, "7001"),
        ({"area_code": "TH70"}, "70"),
        ({"area_code": "1042.0"}, "1042"),
        ({"area_code": "20090000"}, "2009"),  # padded by the registry
        ({"area_code": "70010103"}, "70010103"),
        ({"province_code": "10", "district_code": "06", "subdistrict_code": "08"}, "100608"),
        (
            {"province_code": "10", "district_code": "6", "subdistrict_code": "8"},
            "100608",
        ),  # zeros lost
        ({"province_code": "10", "district_code": "1006", "subdistrict_code": "100608"}, "100608"),
        ({"province_code": "10", "district_code": "1006", "subdistrict_code": "08"}, "100608"),
        ({"district_code": "1006"}, "1006"),
        ({"province_code": "10", "district_code": "00"}, "10"),
        ({"province_code": "10", "district_code": "0000"}, "10"),
        ({"province_code": "10", "district_code": "", "subdistrict_code": ""}, "10"),
        ({"province_code": "70", "district_code": "01", "subdistrict_code": "01", "village_code": "3"}, "70010103"),
        ({"area_code": "7001", "province_code": "70"}, "7001"),
        ({"area_code": "70", "district_code": "7001"}, "7001"),
        ({"area_code": "", "province_code": " "}, None),
        ({}, None),
    ],
)
def test_codes(parts: dict[str, str], code: str | None) -> None:
    assert read_area_code(parts) == code


@pytest.mark.parametrize("cell", ["7", "701", "70010", "ราชบุรี", "70-01", "001", "7001010301", "0701", "-70", "70.5"])
def test_what_is_no_code(cell: str) -> None:
    with pytest.raises(BadAreaCode):
        read_area_code({"area_code": cell})


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"province_code": "70", "subdistrict_code": "01"}, BadAreaCode),  # of which district?
        ({"district_code": "06"}, BadAreaCode),
        ({"province_code": "70", "district_code": "7101"}, CodesDisagree),
        ({"area_code": "7101", "province_code": "70"}, CodesDisagree),
    ],
)
def test_parts_that_do_not_join(parts: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_area_code(parts)
