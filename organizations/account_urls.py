"""Signing in and one's own account: allauth's pages and names behind Finnish path words, without its sign-up."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from organizations.views import account as ours

urlpatterns = [
    path("kirjaudu/", account.login, name="account_login"),
    path("kirjaudu/koodi/", account.request_login_code, name="account_request_login_code"),
    path("kirjaudu/koodi/vahvista/", account.confirm_login_code, name="account_confirm_login_code"),
    path("kirjaudu/kaksivaiheinen/", mfa.authenticate, name="mfa_authenticate"),
    path("kirjaudu/kutsulla/", ours.by_invitation, name="account_signup"),
    path("kirjaudu/posti-ei-tullut/", ours.mail_missing, name="account_mail_missing"),
    path("kirjaudu/ei-kaytossa/", account.account_inactive, name="account_inactive"),
    path("ulos/", account.logout, name="account_logout"),
    path("vahvista/", account.reauthenticate, name="account_reauthenticate"),
    path("vahvista/kaksivaiheinen/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sahkoposti/", account.email, name="account_email"),
    path("sahkoposti/vahvista/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^sahkoposti/vahvista/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("salasana/", account.password_change, name="account_change_password"),
    path("salasana/aseta/", account.password_set, name="account_set_password"),
    path("salasana/unohtui/", account.password_reset, name="account_reset_password"),
    path("salasana/unohtui/lahetetty/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "salasana/unohtui/valmis/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^salasana/unohtui/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("istunnot/", sessions.list_usersessions, name="usersessions_list"),
    path("kaksivaiheinen/", mfa.index, name="mfa_index"),
    path("kaksivaiheinen/sovellus/", totp.activate_totp, name="mfa_activate_totp"),
    path("kaksivaiheinen/sovellus/poista/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("kaksivaiheinen/varakoodit/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "kaksivaiheinen/varakoodit/uudet/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "kaksivaiheinen/varakoodit/lataa/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
