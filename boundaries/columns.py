"""Which columns of a boundary file hold codes and names: stated by the user, else guessed from known habits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from boundaries.codes import Level
from boundaries.errors import SocialMapError

# For each level, finest first, the column names in use: our own, HDX COD-AB (two generations), Thai open data.
_CODES: tuple[tuple[Level, tuple[str, ...]], ...] = (
    ("subdistrict", ("adm3_pcode", "tam_code", "tambon_code", "subdistrict_code", "t_code")),
    ("district", ("adm2_pcode", "amp_code", "amphoe_code", "district_code", "a_code")),
    ("province", ("adm1_pcode", "pro_code", "prov_code", "province_code", "p_code", "iso", "iso_3166_2", "iso3166_2")),
)
_ANY_CODE = ("code", "pcode", "tis1099_code", "area_code")
_NAMES_TH: dict[Level, tuple[str, ...]] = {
    "subdistrict": ("adm3_th", "adm3_name1", "tam_th", "tam_namt", "tambon_th", "subdistrict_th", "t_name_t"),
    "district": ("adm2_th", "adm2_name1", "amp_th", "amp_namt", "amphoe_th", "district_th", "a_name_t"),
    "province": ("adm1_th", "adm1_name1", "pro_th", "prov_namt", "province_th", "p_name_t"),
}
_NAMES_EN: dict[Level, tuple[str, ...]] = {
    "subdistrict": ("adm3_en", "adm3_name", "tam_en", "tam_name", "tambon_en", "subdistrict_en", "t_name_e"),
    "district": ("adm2_en", "adm2_name", "amp_en", "amp_name", "amphoe_en", "district_en", "a_name_e"),
    "province": ("adm1_en", "adm1_name", "pro_en", "prov_name", "province_en", "p_name_e", "name_1"),
}
_ANY_TH = ("name_th", "name_thai", "th_name", "nameth")
_ANY_EN = ("name_en", "name_eng", "en_name", "nameen", "name")

FIELDS = ("code", "name_th", "name_en", "district_th", "district_en", "province_th", "province_en")


class ColumnMissing(SocialMapError):
    """No column that could hold the codes, or a stated column that the file does not have."""

    key = "columns.missing"


class ColumnsMisread(SocialMapError):
    """A column mapping that is not of the form field=COLUMN."""

    key = "columns.misread"


@dataclass(frozen=True)
class Columns:
    """Where codes and names stand; names of higher levels may stand beside those of the lowest."""

    code: str
    name_th: str | None = None
    name_en: str | None = None
    parents_th: Mapping[Level, str] = field(default_factory=dict)
    parents_en: Mapping[Level, str] = field(default_factory=dict)


def parse_columns(text: str) -> dict[str, str]:
    """Read `code=ADM3_PCODE,name_th=ADM3_TH`; raise ColumnsMisread."""
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, column = (piece.strip() for piece in part.partition("="))
        if not sign or not column or name not in FIELDS:
            raise ColumnsMisread(part=part, fields=", ".join(FIELDS))
        pairs[name] = column
    return pairs


def find_columns(names: Iterable[str], stated: Mapping[str, str] | None = None) -> Columns:
    """Return the columns to read; what is stated comes first. Raise ColumnMissing naming what the file has."""
    present = {name.casefold(): name for name in names}
    chosen = {key: _stated(present, column) for key, column in (stated or {}).items()}
    level, code = _code_column(present)
    code = chosen.get("code") or code
    if code is None:
        raise ColumnMissing(column="code", present=", ".join(present.values()))
    if level is None or chosen.get("code"):
        level = _level_named_by(code)
    parents: tuple[Level, ...] = ("district", "province")
    return Columns(
        code=code,
        name_th=chosen.get("name_th") or _first(present, _names(_NAMES_TH, level, _ANY_TH)),
        name_en=chosen.get("name_en") or _first(present, _names(_NAMES_EN, level, _ANY_EN)),
        parents_th=_parents(present, parents, _NAMES_TH, chosen, "th"),
        parents_en=_parents(present, parents, _NAMES_EN, chosen, "en"),
    )


def _stated(present: Mapping[str, str], column: str) -> str:
    if column.casefold() not in present:
        raise ColumnMissing(column=column, present=", ".join(present.values()))
    return present[column.casefold()]


def _code_column(present: Mapping[str, str]) -> tuple[Level | None, str | None]:
    own = _first(present, _ANY_CODE)
    if own:
        return None, own
    for level, candidates in _CODES:
        found = _first(present, candidates)
        if found:
            return level, found
    return None, None


def _level_named_by(column: str) -> Level | None:
    for level, candidates in _CODES:
        if column.casefold() in candidates:
            return level
    return None


def _names(table: Mapping[Level, tuple[str, ...]], level: Level | None, general: tuple[str, ...]) -> tuple[str, ...]:
    return table[level] + general if level else general


def _parents(
    present: Mapping[str, str],
    levels: Iterable[Level],
    table: Mapping[Level, tuple[str, ...]],
    chosen: Mapping[str, str],
    language: str,
) -> dict[Level, str]:
    found = {level: chosen.get(f"{level}_{language}") or _first(present, table[level]) for level in levels}
    return {level: column for level, column in found.items() if column}


def _first(present: Mapping[str, str], candidates: Iterable[str]) -> str | None:
    return next((present[name] for name in candidates if name in present), None)
