"""One e-mail: composed the same each time it is sent, and handed to the mail server."""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ssl import SSLError
from uuid import UUID

from api.alerts.errors import Undelivered
from api.alerts.ways import Mail, Ways

SECONDS = 15
"""Which one word of the mail server may take."""


def compose(mail: Mail, delivery_id: UUID, to: str, subject: str, body: str, made_at: datetime) -> EmailMessage:
    """Write a message; its id and all else are those of the first try, whenever it is composed again.

    The library refuses a line end within a header.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = mail.sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(made_at)
    made["Message-ID"] = f"<{delivery_id}@{mail.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(body, charset="utf-8", cte="base64")
    return made


def send_mail(ways: Ways, message: EmailMessage) -> None:
    """Hand a message to the mail server, which says that it has it. Raises Undelivered."""
    mail = ways.mail
    if mail is None:
        raise Undelivered("mail_not_set", way=True)
    try:
        with _connected(ways, mail) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise Undelivered(f"smtp_{code}", final=code >= 500) from None
    except smtplib.SMTPDataError as error:
        raise Undelivered(f"smtp_{error.smtp_code}", final=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:  # who we are, or that we are
        raise Undelivered(f"smtp_{error.smtp_code}", way=True) from None
    except SSLError:
        raise Undelivered("smtp_certificate", way=True) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(f"smtp_{type(error).__name__.lower()}"[:60], way=True) from None


def _connected(ways: Ways, mail: Mail) -> smtplib.SMTP:
    """Open a connection that is encrypted, and whose other side is who it should be, before anything is said."""
    if mail.tls == "tls":
        context = ways.context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, mail.domain, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, mail.domain, timeout=SECONDS)
    try:
        if mail.tls == "starttls":
            server.starttls(context=ways.context())
        if mail.user is not None and mail.password is not None:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server
