"""What goes wrong when somebody is to be told, each with its sentence; and why a delivery failed, as a code."""

from boundaries.errors import SocialMapError


class AlertNotFound(SocialMapError):
    """No alert of one's own has this id."""

    key = "error.alert_not_found"


class AddressBad(SocialMapError):
    """An e-mail address that cannot be one."""

    key = "error.alert_address"


class AddressTried(SocialMapError):
    """A code that is wrong, too old, or was tried too often."""

    key = "error.alert_code"


class AddressMany(SocialMapError):
    """Too many checks of addresses within a day: this is no way to write to strangers."""

    key = "error.alert_checks"


class MailNotSet(SocialMapError):
    """This place of work has no mail server."""

    key = "error.alert_no_mail"


class WebhookBad(SocialMapError):
    """An address that a webhook cannot have."""

    key = "error.webhook_address"


class WebhookMany(SocialMapError):
    """A unit has as many webhooks as it may."""

    key = "error.webhook_many"


class WebhookNotFound(SocialMapError):
    """No webhook has this id."""

    key = "error.webhook_not_found"


class AlertSettingsBad(SocialMapError):
    """Settings of mail or webhooks that cannot be used; `name` is the setting."""

    key = "error.alert_settings"


class Undelivered(Exception):
    """A try that failed: why, as a code; whether another would fail too; whether it is the way and not the message."""

    def __init__(self, why: str, *, final: bool = False, way: bool = False) -> None:
        super().__init__(why)
        self.why, self.final, self.way = why, final, way
