"""The map of the site: one line a room; Finnish path words behind each language's prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from hyte_portal import views

pages = [
    path("tietoa/", views.standing, {"page": "about"}, name="about"),
    path("saavutettavuus/", views.standing, {"page": "accessibility"}, name="accessibility"),
    path("tietosuoja/", views.standing, {"page": "privacy"}, name="privacy"),
    path("jatka/", views.kept, name="kept"),
    path("jatka/unohda/", views.forget_kept, name="forget_kept"),
    path("demoposti/", views.demo_mails, name="demo_mails"),
    path("demoposti/<slug:name>/", views.demo_mail_html, name="demo_mail"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    *i18n_patterns(
        path("", include((pages, "pages"))),
        path("tili/", include("organizations.account_urls")),
        path("", include("organizations.urls")),
        path("", include("negotiations.urls")),
    ),
]
handler500 = "hyte_portal.views.server_error"
handler400 = "hyte_portal.views.bad_request"
handler403 = "hyte_portal.views.permission_denied"
handler404 = "hyte_portal.views.page_not_found"
