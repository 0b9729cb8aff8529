"""The map of the talks. Finnish path words in every language; rows by their random names."""

from django.urls import path

from negotiations.views import (
    acts,
    agenda,
    attachments,
    comments,
    desk,
    documents,
    history,
    inviting,
    lists,
    measures,
    parties,
    plans,
    proposals,
    public,
    regions,
    rounds,
    talks,
)

app_name = "negotiations"

_ROUND = "neuvottelut/kierrokset"
_TALK = "neuvottelut/<slug:public_id>"

urlpatterns = [
    # -- first pages and lists
    path("", desk.front, name="front"),
    path("tyopoyta/", desk.desk, name="desk"),
    path("neuvottelut/", lists.negotiation_list, name="list"),
    path("toimenpiteet/", lists.measure_list, name="measures"),
    path("alueet/", regions.regions, name="regions"),
    path("alueet/<slug:slug>/", regions.region, name="region"),
    path("muistutukset/<str:token>/", public.mute, name="mute"),
    # -- rounds
    path(f"{_ROUND}/uusi/", rounds.round_new, name="round_new"),
    path(f"{_ROUND}/<slug:public_id>/", rounds.round_page, name="round"),
    path(f"{_ROUND}/<slug:public_id>/muokkaa/", rounds.round_edit, name="round_edit"),
    path(f"{_ROUND}/<slug:public_id>/uusi/", talks.talk_new, name="talk_new"),
    path(f"{_ROUND}/<slug:public_id>/tavoite/", proposals.common_goal_new, name="common_goal_new"),
    # -- a negotiation and its parts
    path(f"{_TALK}/", talks.negotiation, name="negotiation"),
    path(f"{_TALK}/muokkaa/", talks.talk_edit, name="talk_edit"),
    path(f"{_TALK}/palauta/", talks.talk_restore, name="talk_restore"),
    path(f"{_TALK}/perustelut/", talks.reasons, name="reasons"),
    path(f"{_TALK}/kielet/", talks.languages, name="languages"),
    path(f"{_TALK}/toimi/<slug:act>/", acts.act_page, name="act"),
    path(f"{_TALK}/yhteistyo/", plans.cooperation, name="cooperation"),
    path(f"{_TALK}/paatokset/", plans.decisions, name="decisions"),
    path(f"{_TALK}/uusi/<slug:kind>/", proposals.proposal_new, name="proposal_new"),
    # -- the other tabs
    path(f"{_TALK}/asialista/", agenda.agenda, name="agenda"),
    path(f"{_TALK}/asialista/uusi/", agenda.agenda_item_new, name="agenda_item_new"),
    path(f"{_TALK}/asialista/tavanomainen/", agenda.agenda_usual, name="agenda_usual"),
    path(f"{_TALK}/asialista/<slug:item_id>/", agenda.agenda_item, name="agenda_item"),
    path(f"{_TALK}/asialista/<slug:item_id>/siirra/", agenda.agenda_item_move, name="agenda_item_move"),
    path(f"{_TALK}/asialista/<slug:item_id>/poista/", agenda.agenda_item_remove, name="agenda_item_remove"),
    path(f"{_TALK}/osallistujat/", agenda.attendance, name="attendance"),
    path(f"{_TALK}/osallistujat/uusi/", agenda.attendee_new, name="attendee_new"),
    path(f"{_TALK}/osallistujat/<slug:attendee_id>/", agenda.attendee, name="attendee"),
    path(f"{_TALK}/osallistujat/<slug:attendee_id>/poista/", agenda.attendee_remove, name="attendee_remove"),
    path(f"{_TALK}/osapuolet/", parties.parties, name="parties"),
    path(f"{_TALK}/osapuolet/lisaa/", parties.party_add, name="party_add"),
    path(f"{_TALK}/osapuolet/uusi/", parties.party_add_local, name="party_add_local"),
    path(f"{_TALK}/osapuolet/<slug:party_id>/", parties.party, name="party"),
    path(f"{_TALK}/osapuolet/<slug:party_id>/kirjoittaja/", parties.party_editor, name="party_editor"),
    path(f"{_TALK}/osapuolet/<slug:party_id>/poista/", parties.party_remove, name="party_remove"),
    path(f"{_TALK}/kutsu/", inviting.invite_preview, name="invite"),
    path(f"{_TALK}/kutsu/yhteystiedot/", inviting.invite_contacts, name="invite_contacts"),
    path(f"{_TALK}/kommentit/", comments.comments, name="comments"),
    path(f"{_TALK}/asiakirjat/", documents.documents, name="documents"),
    path(f"{_TALK}/asiakirjat/luonnos/", documents.draft_order, name="draft_order"),
    path(f"{_TALK}/asiakirjat/liite/", attachments.attachment_new, name="attachment_new"),
    path(f"{_TALK}/historia/", history.history, name="history"),
    # -- bytes
    path("asiakirjat/<slug:public_id>/", documents.document, name="document"),
    path("asiakirjat/<slug:public_id>/tila/", documents.document_state, name="document_state"),
    path("asiakirjat/<slug:public_id>/uudelleen/", documents.document_retry, name="document_retry"),
    path("liitteet/<slug:public_id>/", attachments.attachment, name="attachment"),
    path("liitteet/<slug:public_id>/poista/", attachments.attachment_remove, name="attachment_remove"),
    # -- proposals
    path("esitykset/<slug:kind>/<slug:public_id>/muokkaa/", proposals.proposal_edit, name="proposal_edit"),
    path("esitykset/<slug:kind>/<slug:public_id>/jaa/", proposals.proposal_share, name="proposal_share"),
    path("esitykset/<slug:kind>/<slug:public_id>/poista/", proposals.proposal_delete, name="proposal_delete"),
    path("esitykset/<slug:kind>/<slug:public_id>/palauta/", proposals.proposal_restore, name="proposal_restore"),
    # -- measures
    path("toimenpiteet/<slug:public_id>/", measures.measure, name="measure"),
    path("toimenpiteet/<slug:public_id>/paatos/", measures.decide, name="decide"),
    path("toimenpiteet/<slug:public_id>/peru/", measures.withdraw, name="withdraw"),
    path("toimenpiteet/<slug:public_id>/raportoi/", measures.report, name="report"),
    path("toimenpiteet/<slug:public_id>/tulos/", measures.outcome, name="outcome"),
]
