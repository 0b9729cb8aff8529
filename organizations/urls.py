"""Addresses of the organisations' room."""

from django.urls import path

from organizations.views import invitations, organizations, people, profile

app_name = "organizations"
urlpatterns = [
    path("oma/", profile.profile, name="profile"),
    path("kutsu/<str:token>/", invitations.invitation, name="invitation"),
    path("organisaatiot/haku/", organizations.organization_search, name="search"),
    path("organisaatiot/edusta/", organizations.act_for, name="act_for"),
    path("organisaatiot/<slug:slug>/", organizations.organization_detail, name="detail"),
    path("organisaatiot/<slug:slug>/vaki/", people.people, name="people"),
    path("organisaatiot/<slug:slug>/vaki/kutsu/", people.invite, name="invite"),
    path(
        "organisaatiot/<slug:slug>/vaki/kutsut/<slug:public_id>/uudelleen/",
        people.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "organisaatiot/<slug:slug>/vaki/kutsut/<slug:public_id>/peru/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("organisaatiot/<slug:slug>/vaki/<slug:public_id>/", people.membership_edit, name="membership"),
    path("organisaatiot/<slug:slug>/tehtavat/uusi/", people.post_edit, name="new_post"),
    path("organisaatiot/<slug:slug>/tehtavat/<slug:public_id>/", people.post_edit, name="post"),
]
