"""What goes wrong around accounts, by name."""

from boundaries.errors import SocialMapError


class NotSignedIn(SocialMapError):
    """Nobody is signed in where somebody must be."""

    key = "error.not_signed_in"


class NotAllowed(SocialMapError):
    """Whoever is signed in may not do this."""

    key = "error.not_allowed"


class SignInFailed(SocialMapError):
    """Name, password or code is wrong, the account is disabled or locked: one sentence for all."""

    key = "error.sign_in_failed"


class ForgeryRefused(SocialMapError):
    """A changing request that our own page did not send."""

    key = "error.forgery"


class TooManyRequests(SocialMapError):
    """More requests than one address or account may send."""

    key = "error.too_many"


class PasswordWeak(SocialMapError):
    """A password that is too short, too long, too simple, or holds the login name."""

    key = "error.password_weak"


class PasswordsDiffer(SocialMapError):
    """The password was not typed alike twice."""

    key = "error.passwords_differ"


class CodeWrong(SocialMapError):
    """A code of the second factor that does not fit while it is set up."""

    key = "error.code_wrong"


class LinkUseless(SocialMapError):
    """A one-time code that is unknown, used, replaced or too old."""

    key = "error.link_useless"


class LoginBad(SocialMapError):
    """A login name of another shape than allowed."""

    key = "error.login_bad"


class LoginTaken(SocialMapError):
    """A login name that another account has."""

    key = "error.login_taken"


class NameBad(SocialMapError):
    """A display name, or the name of a device, that is empty or too long."""

    key = "error.name_bad"


class RoleUnknown(SocialMapError):
    """A role that does not exist."""

    key = "error.role_unknown"


class AccountNotFound(SocialMapError):
    """No account has this id or login name."""

    key = "error.account_not_found"


class UnitNotFound(SocialMapError):
    """No unit has this key."""

    key = "error.unit_not_found"


class UnitBad(SocialMapError):
    """A unit's key, kind or name that cannot be used."""

    key = "error.unit_bad"


class UnitTaken(SocialMapError):
    """A unit's key that another unit has."""

    key = "error.unit_taken"


class AreasBad(SocialMapError):
    """Codes that are no area codes, or too many of them."""

    key = "error.areas_bad"


class AreasNotExplicit(SocialMapError):
    """A local officer or volunteer is given codes of subdistricts or villages only."""

    key = "error.areas_not_explicit"


class AreasNotOwn(SocialMapError):
    """A device is given areas beyond those of its account."""

    key = "error.areas_not_own"


class DevicesMany(SocialMapError):
    """As many devices as an account may have."""

    key = "error.devices_many"


class LastAdmin(SocialMapError):
    """The last administrator who can sign in may not be disabled or made something else."""

    key = "error.last_admin"


class FactorOwn(SocialMapError):
    """Nobody has their own second factor cleared: whoever holds a stolen session could else."""

    key = "error.factor_own"


class FactorSame(SocialMapError):
    """Who asked for a second factor to be cleared does not confirm it."""

    key = "error.factor_same"


class FactorNotAsked(SocialMapError):
    """Nobody asked within a day for this second factor to be cleared."""

    key = "error.factor_not_asked"


class FactorAlone(SocialMapError):
    """There is no second administrator who could confirm: the command line of the server is left."""

    key = "error.factor_alone"


class AdminExists(SocialMapError):
    """There is an administrator already."""

    key = "error.admin_exists"


class FormBad(SocialMapError):
    """A form that cannot be read, or lacks a field."""

    key = "error.form_bad"
