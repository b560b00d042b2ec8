"""Settings, typed, from the environment; refuses to start when unsafe."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demonstration only, never in production"


class Settings(BaseSettings):
    """One field a setting; the variable is CAREPLAN_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CAREPLAN_", frozen=True)

    database_url: str = "sqlite:///var/careplan.db"
    secret_key: SecretStr = SecretStr("")
    demo: bool = Field(default=False, description="offers the made-up cast on the log-in page")
    content_path: Path = ROOT / "content"
    translations_path: Path = ROOT / "translations"
    queue_path: Path = Path("var/queue.db")
    queue_url: SecretStr = Field(
        default=SecretStr(""), description="redis://host:port/0; empty keeps the queue in a file"
    )
    allowed_hosts: str = "127.0.0.1,localhost"
    proxies: int = Field(default=0, ge=0, le=5, description="how many proxies of our own stand before the server")
    smtp_url: str = Field(default="", description="smtp://user:password@host:port; empty keeps notices in the outbox")
    sms_url: str = Field(default="", description="HTTP gateway, takes {to, text} as JSON; empty keeps SMS waiting")
    sms_token: SecretStr = Field(default=SecretStr(""), description="sent to the gateway as a bearer token")
    mail_from: str = "noreply@localhost"
    base_url: str = "http://127.0.0.1:8000"

    @field_validator("queue_url")
    @classmethod
    def _is_redis(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("must begin with redis:// or rediss://")
        return url

    @model_validator(mode="after")
    def _is_safe(self) -> "Settings":
        if self.demo:
            if not self.base_url.startswith("http://127.0.0.1"):
                raise ValueError("demo mode serves on 127.0.0.1 only; unset CAREPLAN_DEMO in production")
            return self
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("CAREPLAN_SECRET_KEY must have at least 32 characters")
        if self.sms_url and not self.sms_url.startswith("https://"):
            raise ValueError("CAREPLAN_SMS_URL must begin with https:// unless in demo mode")
        if not self.base_url.startswith("https://"):
            raise ValueError("CAREPLAN_BASE_URL must begin with https:// unless in demo mode")
        return self

    @property
    def signing_key(self) -> str:
        return self.secret_key.get_secret_value() or DEMO_SECRET

    @property
    def hosts(self) -> list[str]:
        return [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
