"""Inspector's accounts."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Right, Upper
from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models.mirrored import Mirrored
from inspector_whatsapp.words import harmless


class Role(models.TextChoices):
    """What somebody does on Inspector. *admin* gives no right here: staff rights are this service's own."""

    SEEKER = "seeker", _("Seeker")
    AGENT = "agent", _("Agent")
    INSPECTOR = "inspector", _("Inspector")
    ADMIN = "admin", _("Admin")


class Language(models.TextChoices):
    """The languages that every text of ours exists in."""

    ENGLISH = "en", "English"
    PIDGIN = "pcm", "Naijá (Pidgin)"


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an e-mail is kept in lower case, as Inspector does."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().casefold(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **{"role": Role.ADMIN, "is_staff": True, "is_superuser": True} | fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().casefold())


class User(AbstractBaseUser, PermissionsMixin, Mirrored):
    """Somebody's Inspector account; the e-mail is the log-in."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.SEEKER)
    phone = models.CharField(
        max_length=16, blank=True, db_index=True, help_text="E.164, as in +2348030000001; may be empty."
    )
    time_zone = models.CharField(max_length=64, default="Africa/Lagos", help_text="IANA name.")
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    is_staff = models.BooleanField(default=False, help_text="May log into this admin.")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        permissions = [
            ("export_person", _("Can export what is kept of a person")),
            ("erase_person", _("Can erase what is kept of a person")),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="user_phone_is_e164"
            ),
        ]
        indexes = [
            # How staff find somebody: by a part of the name, by the end of the number.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="user_by_name"),
            models.Index(Right("phone", 4), name="user_by_last_digits"),
        ]

    def __str__(self) -> str:
        return harmless(self.name, markup=False) or self.email

    def get_full_name(self) -> str:
        """What Django's admin asks for, to say who somebody is."""
        return harmless(self.name, markup=False)

    @property
    def role_here(self) -> Role:
        return Role(self.role)
