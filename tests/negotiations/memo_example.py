"""A memo's content as tests need it: every part of the page is filled; people and figures are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from negotiations.snapshots import (
    AgendaLine,
    AttachmentLine,
    AttendeeLine,
    Confirmation,
    CooperationLine,
    FollowUpLine,
    GoalPart,
    MeasureLine,
    Memo,
    PartnerLine,
    Party,
    Person,
    PositionLine,
    PromiseLine,
    Text,
)

COUNTY = Text("Pohjanmaan hyvinvointialue", "Österbottens välfärdsområde")
CITY = Text("Vaasan kaupunki", "Vasa stad")
NETWORK = Text("Vertaisverkko ry", "Stödnätverket rf")
PARISH = Text("Seurakuntayhtymä", "Kyrkliga samfälligheten")
CHAIR = Person("Anna Esimerkki", Text("hyte-päällikkö", "hyte-chef"), COUNTY, name_is_public=True)
SECRETARY = Person("Ville Esimerkki", Text("hyte-erityisasiantuntija", "hyte-sakkunnig"), COUNTY, name_is_public=True)
PRIVATE = Person("Pekka Yksityinen", Text("puheenjohtaja", "ordförande"), NETWORK)

GOALS = (
    (
        "Yhä harvempi nuori on yksinäinen",
        "Allt färre unga känner sig ensamma",
        "alle 15,0 % vuonna 2029",
        "under 15,0 % år 2029",
    ),
    (
        "Riski sairastua tyypin 2 diabetekseen pienenee",
        "Risken att insjukna i typ 2-diabetes minskar",
        "vähintään 60,0 % vuonna 2028",
        "minst 60,0 % år 2028",
    ),
    (
        "Yksin jääneet ikääntyneet löydetään ajoissa",
        "Ensamma äldre nås i tid",
        "alle 8,0 % vuonna 2028",
        "under 8,0 % år 2028",
    ),
    (
        "Päihteiden ja väkivallan haitat otetaan puheeksi",
        "Rusmedelsskador och våld förs på tal",
        "alle 10,0 % vuonna 2029",
        "under 10,0 % år 2029",
    ),
)
WORDINGS = (
    (
        (
            "Elintapaohjauksen yhteinen polku otetaan käyttöön: hyvinvointialue "
            "tunnistaa riskin, kaupunki järjestää ryhmät ja "
            "Vertaisverkko antaa vertaistukea."
        ),
        (
            "En gemensam väg för livsstilsvägledning tas i bruk: välfärdsområdet "
            "identifierar risken, staden ordnar grupper."
        ),
    ),
    (
        ("Vertaisverkko kouluttaa 12 vertaisohjaajaa ja käynnistää kuusi vertaisryhmää eri puolilla kaupunkia."),
        "Nätverket utbildar 12 kamratstödjare och startar sex grupper i olika delar av staden.",
    ),
    (
        "Ohjaus liikuntaneuvontaan kirjataan samalla tavalla kaikilla terveysasemilla.",
        "Hänvisning till motionsrådgivning antecknas på samma sätt på alla hälsostationer.",
    ),
    ("Etsivä vanhustyö laajenee kahdelta asuinalueelta neljälle yhdessä kyläyhdistysten kanssa.", ""),
)
FOLLOW_UP = (
    (
        "Elintapaohjausta saaneiden osuus riskiryhmästä neljännesvuosittain",
        "Andelen i riskgruppen som fått vägledning",
    ),
    ("Koulutetut ohjaajat, ryhmät ja osallistujat", "Utbildade handledare, grupper och deltagare"),
    ("Kirjaamisohje 30.4.2027; kirjatut ohjaukset", "Anvisning 30.4.2027; antecknade hänvisningar"),
    ("Yhteydenotot ja kotikäynnit; tavoitetut uudet asiakkaat", "Kontakter och hembesök"),
)
RESERVATION = Text(
    "Kaupunki järjestää ryhmät vuonna 2027 nykyisten liikunnanohjaajien "
    "työnä. Uusien ryhmien perustaminen edellyttää, "
    "että kaupunginvaltuusto varaa niihin 42 000 euron määrärahan vuoden 2027 talousarviossa.",
    "Staden ordnar grupperna 2027 med nuvarande idrottsinstruktörer. Nya "
    "grupper förutsätter att stadsfullmäktige "
    "anvisar 42 000 euro i budgeten för 2027.",
)


def make_measure(number: int = 0, **changes: Any) -> MeasureLine:
    """Return an agreed measure that every party accepts, one of four wordings."""
    kind = number % len(WORDINGS)
    measure = MeasureLine(
        wording=Text(*WORDINGS[kind]),
        decision="agreed",
        owner=(COUNTY, NETWORK, COUNTY, CITY)[kind],
        owner_post=Text("palvelupäällikkö, avosairaanhoito", "servicechef, öppenvård"),
        partners=(
            PartnerLine(CITY, "drives"),
            PartnerLine(PARISH, "supports"),
            PartnerLine(NETWORK, "informed"),
        ),
        positions=tuple(PositionLine(party, "accepted") for party in (COUNTY, CITY, NETWORK)),
        starts_on=date(2027, 1 + number % 6, 1),
        ends_on=date(2027, 12, 31),
        follow_up=Text(*FOLLOW_UP[kind]),
    )
    return replace(measure, **changes)


def make_reserved_measure(number: int = 0) -> MeasureLine:
    """Return a measure on which the city made a reservation."""
    taken = (
        PositionLine(COUNTY, "accepted"),
        PositionLine(CITY, "reservation", RESERVATION),
        PositionLine(NETWORK, "accepted"),
    )
    return make_measure(number, positions=taken)


def make_goals(measures: int) -> tuple[GoalPart, ...]:
    """Return four goals that share the measures; every seventh carries a reservation."""
    lines = [make_reserved_measure(n) if n % 7 == 4 else make_measure(n) for n in range(measures)]
    return tuple(
        GoalPart(
            title=Text(fi, sv),
            description=Text(
                "Riskissä olevat työikäiset saavat elintapaohjausta asuinpaikasta "
                "riippumatta, ja vertaistuki jatkuu "
                "ohjauksen jälkeen.",
                "Personer i arbetsför ålder med risk får livsstilsvägledning oberoende av var de bor.",
            ),
            indicator=Text("hyte-kertoimen prosessimittari", "hyte-koefficientens processmätare"),
            baseline=Text("38,0 % (2025)", "38,0 % (2025)"),
            target=Text(target_fi, target_sv),
            is_common=True,
            measures=tuple(lines[place::4]),
        )
        for place, (fi, sv, target_fi, target_sv) in enumerate(GOALS)
    )


AGENDA = (
    AgendaLine(
        "opening",
        Text(),
        Text(
            "Puheenjohtaja avasi neuvottelun klo 9.00. Kutsu lähetettiin "
            "osapuolille 1.9.2026 ja ennakkoaineisto 30.10.2026. "
            "Sihteeri laatii muistion. Osapuolet kommentoivat luonnosta, minkä "
            "jälkeen puheenjohtaja ja sihteeri vahvistavat "
            "muistion.",
            "Ordföranden öppnade förhandlingen kl. 9.00. Inbjudan skickades till parterna 1.9.2026.",
        ),
        Text("Asialista hyväksyttiin muutoksitta.", "Föredragningslistan godkändes utan ändringar."),
    ),
    AgendaLine(
        "situation",
        Text("Nuorten hyvinvointi", "Ungas välbefinnande"),
        Text(
            "Yksinäisyys on lisääntynyt **kahdeksasluokkalaisilla**.\n\n- kouluterveydenhuolto\n- nuorisotyö",
            "",
        ),
    ),
    AgendaLine(
        "situation",
        Text("Henkilöstötilanne", "Personalläget"),
        Text("Luottamuksellinen kohta.", "Konfidentiellt."),
        confidential_ground="JulkL 24 § 1 mom. 25 k",
    ),
    AgendaLine(
        "goals",
        Text(),
        Text("Tavoitteet valmisteltiin yhdessä.", "Målen bereddes gemensamt."),
        Text("Neljä yhteistä tavoitetta hyväksyttiin.", "Fyra gemensamma mål godkändes."),
    ),
    AgendaLine(
        "next_steps",
        Text(),
        Text(),
        Text(
            "Osapuolet käsittelevät muistion omissa toimielimissään 28.2.2027 "
            "mennessä. Seuraava hyte-neuvottelu pidetään "
            "9.11.2027.",
            "Parterna behandlar promemorian i sina organ senast 28.2.2027. Nästa hyte-förhandling hålls 9.11.2027.",
        ),
    ),
    AgendaLine(
        "closing",
        Text(),
        Text("Puheenjohtaja päätti neuvottelun klo 12.05.", "Förhandlingen avslutades kl. 12.05."),
    ),
)


def make_memo(measures: int = 14, **changes: Any) -> Memo:
    """Return a confirmed bilingual memo."""
    memo = Memo(
        record_type="memo",
        status="confirmed",
        version="1.0",
        dated=date(2026, 12, 4),
        year=2026,
        year_of_effect=2027,
        basis="7",
        round_name=Text("Hyte-neuvottelu 2026", "Hyte-förhandling 2026"),
        title=Text("Pohjanmaan hyvinvointialue ja Vaasa", "Österbottens välfärdsområde och Vasa"),
        sender=COUNTY,
        seal="0123456789abcdef",
        handled_by=date(2027, 2, 28),
        next_talk_on=date(2027, 11, 9),
        registry_number="1234/2026",
        languages=("fi", "sv"),
        starts_at=datetime(2026, 11, 10, 7, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 10, 10, 5, tzinfo=UTC),
        place=Text("Vaasan kaupungintalo, valtuustosali", "Vasa stadshus, fullmäktigesalen"),
        is_remote=True,
        chair=CHAIR,
        secretary=SECRETARY,
        parties=tuple(Party(name, is_host=name is COUNTY) for name in (COUNTY, CITY, NETWORK)),
        attendees=(
            AttendeeLine(CHAIR),
            AttendeeLine(SECRETARY, channel="remote"),
            AttendeeLine(
                Person("Minna Esimerkki", Text("hyvinvointikoordinaattori", "välfärdskoordinator"), CITY, True),
                presence="part",
                part="klo 9.00–10.40, kohdat 1–6",
            ),
            AttendeeLine(PRIVATE, channel="remote"),
            AttendeeLine(
                Person("", Text("diakoniatyöntekijä", "diakoniarbetare"), PARISH),
                presence="absent",
                part="este ilmoitettu 9.11.2026",
            ),
        ),
        agenda=AGENDA,
        promises=(
            PromiseLine(
                Text("Perhekeskusverkosto kokoontuu kahdesti lukukaudessa.", "Nätverket möts."),
                COUNTY,
                "partly",
                Text("Syksyn kokous jäi pitämättä.", "Höstens möte hölls inte."),
                "continue",
            ),
        ),
        goals=make_goals(measures),
        cooperation=(
            CooperationLine(
                Text("Hyvinvointitarjotin", "Välfärdsbrickan"),
                Text("Paikallinen toiminta yhdessä näkymässä", "En gemensam vy"),
                Text("Kuopio ylläpitää, järjestöt päivittävät", "Staden upprätthåller"),
                Text("Tieto huhtikuussa", "Info i april"),
            ),
        ),
        follow_up=(
            FollowUpLine(
                Text("Tilanne ja väliseuranta", "Läget"),
                Text("12.5.2027 ja 13.10.2027", "12.5.2027"),
                Text("hyvinvointikoordinaattori", "välfärdskoordinatorn"),
                Text("hyte-työryhmä", "hyte-arbetsgruppen"),
            ),
        ),
        attachments=(
            AttachmentLine(Text("Ennakkokyselyn koonti", "Sammandrag"), True),
            AttachmentLine(Text("Salattu liite", "Hemlig bilaga")),
        ),
        distribution=(COUNTY, CITY, NETWORK),
        informed=(PARISH,),
        confirmations=(
            Confirmation(CHAIR, datetime(2026, 12, 4, 12, 5, tzinfo=UTC)),
            Confirmation(SECRETARY, datetime(2026, 12, 4, 12, 9, tzinfo=UTC)),
        ),
    )
    return replace(memo, **changes)
