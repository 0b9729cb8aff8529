"""The portal's own addresses, and beside them the pages that it is measured against."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from bench.peers import pages
from hyte_portal.urls import handler404
from hyte_portal.urls import urlpatterns as portal

__all__ = ["handler404", "urlpatterns"]

urlpatterns = [
    *i18n_patterns(
        path("vertailu/tallenne/<slug:name>/", pages.recorded, name="recorded"),
        path("vertailu/tyhja/", pages.empty, name="empty"),
        path("vertailu/rivit/<slug:public_id>/", pages.measures_by_hand, name="by_hand"),
    ),
    *portal,
]
