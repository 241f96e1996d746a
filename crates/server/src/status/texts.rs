//! What a person hears of each reason, in the three languages of the service: an agent of the call centre reads it aloud.

use domain::{LocalizedText, Reason};

/// The sentence of a reason.
pub(crate) fn text(reason: Reason) -> LocalizedText {
    let (fi, sv, en) = sentence(reason);
    LocalizedText::new(fi, sv, en)
}

fn sentence(reason: Reason) -> (&'static str, &'static str, &'static str) {
    match reason {
        Reason::FieldsInvalid => (
            "Osa tiedoista puuttuu tai on virheellisiä. Korjaa merkityt kohdat.",
            "En del av uppgifterna saknas eller är felaktiga. Rätta de markerade punkterna.",
            "Some of the details are missing or wrong. Correct the marked fields.",
        ),
        Reason::MessageMalformed => {
            ("Viestiä ei voitu lukea.", "Meddelandet kunde inte läsas.", "The message could not be read.")
        }
        Reason::MessageTooLarge => ("Viesti on liian suuri.", "Meddelandet är för stort.", "The message is too large."),
        Reason::PageTokenInvalid => (
            "Luettelon sivua ei löydy. Aloita luettelo alusta.",
            "Listans sida hittades inte. Börja listan från början.",
            "That page of the list cannot be found. Start the list again.",
        ),
        Reason::ResumeTokenInvalid => (
            "Seurantaa ei voi jatkaa tästä kohdasta. Aloita seuranta uudelleen.",
            "Bevakningen kan inte fortsätta härifrån. Börja bevaka på nytt.",
            "The watch cannot go on from there. Begin to watch anew.",
        ),
        Reason::ResumeTokenExpired => (
            "Tapahtumat on palautettu varmuuskopiosta. Lue nykytilanne ja aloita seuranta uudelleen.",
            "Händelserna har återställts från en säkerhetskopia. Läs läget och börja bevaka på nytt.",
            "The events were restored from a backup. Read what stands now, then begin to watch anew.",
        ),
        Reason::RequestIdReused => (
            "Samaa pyyntötunnusta on jo käytetty toiseen pyyntöön.",
            "Samma begäran-id har redan använts för en annan begäran.",
            "The same request id was already used for another request.",
        ),
        Reason::FileUnreadable => (
            "Tiedostoa ei voitu lukea taulukkona.",
            "Filen kunde inte läsas som en tabell.",
            "The file could not be read as a table.",
        ),
        Reason::FileHasProblems => (
            "Tiedostossa on virheitä, joten mitään ei tallennettu.",
            "Filen innehåller fel, så ingenting sparades.",
            "The file has problems, so nothing was stored.",
        ),
        Reason::ResourceNotFound => ("Tietoa ei löytynyt.", "Uppgiften hittades inte.", "It could not be found."),
        Reason::ResourceExists => {
            ("Tunnus on jo käytössä.", "Identifieraren används redan.", "The id is already in use.")
        }
        Reason::ExternalIdExists => (
            "Ulkoinen tunnus on jo käytössä.",
            "Den externa identifieraren används redan.",
            "The external id is already in use.",
        ),
        Reason::ResourceInUse => (
            "Tietoa ei voi poistaa, koska sitä käytetään muualla.",
            "Uppgiften kan inte tas bort eftersom den används på annat håll.",
            "It cannot be removed because others still refer to it.",
        ),
        Reason::EtagMismatch => (
            "Joku muu muutti tietoja sillä välin. Lue ne uudelleen ja yritä sitten.",
            "Någon annan ändrade uppgifterna under tiden. Läs dem på nytt och försök sedan igen.",
            "Somebody else changed it in the meantime. Read it again, then repeat the change.",
        ),
        Reason::PlanStale => (
            "Tilanne on muuttunut suunnitelman teon jälkeen. Tee uusi suunnitelma.",
            "Läget har ändrats sedan planen gjordes. Gör en ny plan.",
            "Things have changed since the plan was made. Make a new plan.",
        ),
        Reason::PlanNotReady => (
            "Suunnitelmalle ei voi tehdä tätä sen nykyisessä tilassa.",
            "Det här går inte att göra med planen i dess nuvarande läge.",
            "This cannot be done with the plan in its present state.",
        ),
        Reason::PlanBusy => (
            "Toista suunnitelmaa lasketaan parhaillaan. Odota hetki.",
            "En annan plan beräknas just nu. Vänta en stund.",
            "Another plan is being computed. Wait a moment.",
        ),
        Reason::GigStateIllegal => (
            "Keikalle ei voi tehdä tätä sen nykyisessä tilassa.",
            "Det här går inte att göra med uppdraget i dess nuvarande läge.",
            "This cannot be done with the gig in its present state.",
        ),
        Reason::TooEarly => ("Keikka on vasta myöhemmin.", "Uppdraget är först senare.", "The gig is only later."),
        Reason::SlotTaken => (
            "Paikka ehti mennä toiselle. Kiitos!",
            "Platsen hann gå till någon annan. Tack!",
            "Somebody else has already taken this place. Thank you!",
        ),
        Reason::VolunteerNotAble => (
            "Vapaaehtoinen ei voi ottaa tätä keikkaa.",
            "Den frivilliga kan inte ta det här uppdraget.",
            "The volunteer cannot take this gig.",
        ),
        Reason::VolunteerBooked => (
            "Vapaaehtoisella on jo toinen keikka samaan aikaan.",
            "Den frivilliga har redan ett annat uppdrag samtidigt.",
            "The volunteer already has another gig at that time.",
        ),
        Reason::StartNotAllowed => (
            "Keikka ei voi alkaa tuohon aikaan.",
            "Uppdraget kan inte börja vid den tiden.",
            "The gig cannot start at that time.",
        ),
        Reason::OutOfScope => (
            "Tehtävä ei kuulu vapaaehtoisille. Ohjaa avunsaaja oikean palvelun luo.",
            "Uppgiften hör inte till de frivilliga. Hänvisa till rätt tjänst.",
            "The task is not one for volunteers. Refer the person to the right service.",
        ),
        Reason::AskingRuns => (
            "Keikkaa kysytään jo toiselle alkamisajalle.",
            "Uppdraget erbjuds redan för en annan starttid.",
            "The gig is already being asked for at another start.",
        ),
        Reason::AssignmentStateIllegal => (
            "Kiinnitykselle ei voi tehdä tätä sen nykyisessä tilassa.",
            "Det här går inte att göra med bokningen i dess nuvarande läge.",
            "This cannot be done with the assignment in its present state.",
        ),
        Reason::NotificationEnded => (
            "Viestiä ei voi lähettää uudelleen.",
            "Meddelandet kan inte skickas på nytt.",
            "The message cannot be sent again.",
        ),
        Reason::OfferEnded => {
            ("Tarjous ei ole enää voimassa.", "Erbjudandet gäller inte längre.", "The offer is no longer open.")
        }
        Reason::UndoTooLate => (
            "Vastausta ei voi enää perua. Soita yhteyshenkilölle.",
            "Svaret kan inte längre återtas. Ring kontaktpersonen.",
            "The answer can no longer be taken back. Ring the coordinator.",
        ),
        Reason::OfferOverlaps => (
            "Vapaaehtoiselta on jo kysytty toista keikkaa samaan aikaan.",
            "Den frivilliga har redan tillfrågats om ett annat uppdrag vid samma tid.",
            "The volunteer has already been asked about another gig at that time.",
        ),
        Reason::ContactBudgetSpent => (
            "Vapaaehtoiselta on kysytty tällä viikolla jo niin monta kertaa kuin on sovittu.",
            "Den frivilliga har redan tillfrågats så många gånger den här veckan som det avtalats.",
            "The volunteer has been asked this week as often as agreed.",
        ),
        Reason::AlreadyDeclined => (
            "Vapaaehtoinen on jo kieltäytynyt tästä keikasta.",
            "Den frivilliga har redan tackat nej till det här uppdraget.",
            "The volunteer has already said no to this gig.",
        ),
        Reason::KindDeclinedLately => (
            "Vapaaehtoinen on äskettäin kieltäytynyt tällaisista keikoista.",
            "Den frivilliga har nyligen tackat nej till sådana uppdrag.",
            "The volunteer has lately said no to gigs of this kind.",
        ),
        Reason::LimitReached => (
            "Palvelun raja tuli vastaan. Yritä pienemmissä osissa tai myöhemmin.",
            "En gräns i tjänsten nåddes. Försök i mindre delar eller senare.",
            "A limit of the service is reached. Try smaller parts, or later.",
        ),
        Reason::StorageFull => (
            "Tallennustila on täynnä, mitään ei muutettu. Ota yhteys ylläpitoon.",
            "Lagringsutrymmet är fullt, ingenting ändrades. Kontakta driften.",
            "The storage is full and nothing was changed. Contact the operator.",
        ),
        Reason::StorageUnavailable => (
            "Tietokanta ei vastaa juuri nyt. Yritä hetken kuluttua uudelleen.",
            "Databasen svarar inte just nu. Försök igen om en stund.",
            "The database does not answer right now. Try again in a moment.",
        ),
        Reason::TravelUnavailable => (
            "Matka-aikojen palvelu ei vastaa juuri nyt. Yritä hetken kuluttua uudelleen.",
            "Tjänsten för restider svarar inte just nu. Försök igen om en stund.",
            "The service of travel times does not answer right now. Try again in a moment.",
        ),
        Reason::Internal => (
            "Palvelussa tapahtui virhe. Kerro ylläpidolle virheen tunnus.",
            "Ett fel inträffade i tjänsten. Berätta felets id för driften.",
            "Something went wrong in the service. Tell the operator the incident id.",
        ),
        Reason::CredentialsMissing => {
            ("Avain puuttuu tai sitä ei tunneta.", "Nyckeln saknas eller är okänd.", "The key is missing or not known.")
        }
        Reason::PermissionMissing => {
            ("Sinulla ei ole oikeutta tähän.", "Du har inte rätt till det här.", "You may not do this.")
        }
        Reason::DeadlinePassed => (
            "Vastaus ei ehtinyt ajoissa. Tarkista tilanne ja yritä uudelleen.",
            "Svaret hann inte i tid. Kontrollera läget och försök igen.",
            "The answer did not come in time. Check what was done, then try again.",
        ),
        Reason::MethodUnknown => (
            "Palvelu ei tunne tätä toimintoa.",
            "Tjänsten känner inte till den här funktionen.",
            "The service does not know this method.",
        ),
        Reason::ServerStopping => (
            "Palvelu käynnistyy uudelleen. Yritä hetken kuluttua.",
            "Tjänsten startas om. Försök igen om en stund.",
            "The service is restarting. Try again in a moment.",
        ),
    }
}
