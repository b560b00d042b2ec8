"""What notices say, in the languages we speak; read from content/notices.yaml."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from careplan.domain.errors import CareplanError

Text = Mapping[str, str]
FALLBACK = "sv"
# Where no nurse is named.
ANONYMOUS = {"sv": "Vården", "en": "Your care team"}


class UnknownNotice(CareplanError):
    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


class Notice(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: dict[str, str]
    body: dict[str, str]


class Notices(BaseModel):
    """All notices by template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    texts: dict[str, Notice]

    @classmethod
    def load(cls, content_path: Path) -> "Notices":
        return cls.model_validate(yaml.safe_load((content_path / "notices.yaml").read_text(encoding="utf-8")))

    def say(self, template: str, lang: str, *, link: str, signed: str = "") -> tuple[str, str]:
        """Subject and body; in Swedish where we do not speak the language. `signed`: a given name, or nobody's."""
        try:
            notice = self.texts[template]
        except KeyError:
            raise UnknownNotice(template) from None
        spoken = lang if lang in notice.body and lang in notice.subject else FALLBACK
        body = notice.body[spoken].format(link=link, signed=signed or ANONYMOUS[spoken])
        return notice.subject[spoken], body
