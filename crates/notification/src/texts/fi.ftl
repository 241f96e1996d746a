# Suomeksi. Osat: sms (tekstiviesti), subject ja body (sähköposti), call (mitä soittaja kertoo).
offer-sms = { $kind }{ $area }, { $when }, { $minutes } min. Autatko? Vastaa K { $code } (kyllä) tai E { $code } (ei) viimeistään { $until }, tai: { $link }
offer-subject = Autatko? { $kind }, { $when }
offer-body =
    Hei!

    Voisitko auttaa? { $kind }{ $area }, { $when }. Aikaa menee noin { $minutes ->
        [one] minuutti
       *[other] { $minutes } minuuttia
    }.

    Vastaa viimeistään { $until }:

    { $link }

    Jos et ehdi, kerro sekin, niin kysymme toiselta. Kiitos!
stand_down_filled-sms = Keikka { $kind }, { $when }: auttaja löytyi jo. Kiitos, että olit käytettävissä!
stand_down_filled-subject = Auttaja löytyi jo, kiitos
stand_down_filled-body =
    Hei!

    { $kind }, { $when }: auttaja ehti jo löytyä. Kiitos, että olit käytettävissä. Sinun ei tarvitse tehdä mitään.
stand_down_not_needed-sms = Keikka { $kind }, { $when }: apua ei enää tarvita. Kiitos, että olit käytettävissä!
stand_down_not_needed-subject = Apua ei enää tarvita, kiitos
stand_down_not_needed-body =
    Hei!

    { $kind }, { $when }: apua ei enää tarvita. Kiitos, että olit käytettävissä. Sinun ei tarvitse tehdä mitään.
stand_down_moved-sms = Keikka { $kind }, { $when }: aika muuttuu, joten silloin apua ei tarvita. Kiitos, että olit käytettävissä!
stand_down_moved-subject = Aika muuttuu, kiitos
stand_down_moved-body =
    Hei!

    { $kind }, { $when }: aika muuttuu, joten silloin apua ei enää tarvita. Kiitos, että olit käytettävissä. Sinun ei tarvitse tehdä mitään.
hold-sms = Kiitos! { $kind }, { $when }: etsimme vielä toista auttajaa ja kerromme, kun hän on löytynyt. { $link }
hold-subject = Kiitos! Etsimme vielä toista auttajaa
hold-body =
    Hei!

    Kiitos vastauksestasi. { $kind }, { $when }, tarvitsee kaksi auttajaa. Etsimme vielä toista ja kerromme, kun hän on löytynyt.

    { $link }
hold_released-sms = { $kind }, { $when }: toista auttajaa ei löytynyt ajoissa, joten keikka ei toteudu sinun kanssasi. Kiitos, että olit valmis auttamaan!
hold_released-subject = Toista auttajaa ei löytynyt
hold_released-body =
    Hei!

    { $kind }, { $when }: toista auttajaa ei löytynyt ajoissa, ja aikasi on taas vapaa. Kiitos, että olit valmis auttamaan!
confirmation-sms = Kiitos, olet mukana! { $kind }{ $area }, { $when }. Osoite ja yhteystiedot: { $link }
confirmation-subject = Olet mukana: { $kind }, { $when }
confirmation-body =
    Hei!

    Kiitos, olet mukana: { $kind }{ $area }, { $when }, noin { $minutes ->
        [one] minuutti
       *[other] { $minutes } minuuttia
    }.

    Osoitteen, yhteystiedot ja ohjeet näet täältä:

    { $link }

    Jos tulee este, peru samasta linkistä heti, niin ehdimme etsiä toisen.
assigned-sms = Koordinaattori on merkinnyt sinut auttajaksi: { $kind }{ $area }, { $when }. Osoite, ja peruminen jos et pääse: { $link }
assigned-subject = Sinut on merkitty auttajaksi: { $kind }, { $when }
assigned-body =
    Hei!

    Koordinaattori on merkinnyt sinut auttajaksi kysymättä sinulta ensin: { $kind }{ $area }, { $when }, noin { $minutes ->
        [one] minuutti
       *[other] { $minutes } minuuttia
    }.

    Osoitteen, yhteystiedot ja ohjeet näet täältä:

    { $link }

    Jos keikka ei sovi sinulle, kerro se heti samasta linkistä, niin ehdimme etsiä toisen. Se on ihan hyvä vastaus.
reminder_evening-sms = Muistutus: huomenna { $kind }{ $area }, { $when }. Tiedot ja peruminen: { $link }
reminder_evening-subject = Muistutus: { $kind }, { $when }
reminder_evening-body =
    Hei!

    Huomenna: { $kind }{ $area }, { $when }. Tiedot ja peruminen:

    { $link }
reminder_soon-sms = Pian: { $kind }{ $area }, { $when }. Tiedot: { $link }
reminder_soon-subject = Pian: { $kind }, { $when }
reminder_soon-body =
    Hei!

    Pian on aika: { $kind }{ $area }, { $when }. Tiedot:

    { $link }
change-sms = Muutos: { $kind }{ $area } on nyt { $when }. Tiedot ja peruminen: { $link }
change-subject = Muutos: { $kind }, { $when }
change-body =
    Hei!

    Keikan aika muuttui. { $kind }{ $area } on nyt { $when }. Jos aika ei sovi, peru linkistä:

    { $link }
cancellation-sms = Peruttu: { $kind }, { $when }. Sinun ei tarvitse lähteä. Kiitos, että olit valmis auttamaan!
cancellation-subject = Peruttu: { $kind }, { $when }
cancellation-body =
    Hei!

    { $kind }, { $when }, on peruttu. Sinun ei tarvitse lähteä. Kiitos, että olit valmis auttamaan!
cancel_noted-sms = Peruutuksesi on kirjattu: { $kind }, { $when }. Kiitos, että kerroit. Etsimme toisen auttajan.
cancel_noted-subject = Peruutuksesi on kirjattu
cancel_noted-body =
    Hei!

    Peruutuksesi on kirjattu: { $kind }, { $when }. Kiitos, että kerroit. Etsimme toisen auttajan.
thanks-sms = Kiitos avustasi! { $kind }, { $when }. Siitä oli iloa.
thanks-subject = Kiitos avustasi!
thanks-body =
    Hei!

    Kiitos avustasi: { $kind }, { $when }. Siitä oli iloa.
seeker_confirmation-sms = Apu on sovittu: { $kind }, { $when }. Vapaaehtoinen tulee silloin. Ei maksa mitään, älä anna rahaa tai pankkitunnuksia.
seeker_confirmation-subject = Apu on sovittu: { $kind }, { $when }
seeker_confirmation-body =
    Hei!

    Apu on sovittu: { $kind }, { $when }. Vapaaehtoinen tulee silloin. Apu ei maksa mitään; älä anna rahaa tai pankkitunnuksia.
seeker_confirmation-call = Kerro: { $kind }, { $when }. { $helpers ->
        [one] Vapaaehtoinen tulee
       *[other] { $helpers } vapaaehtoista tulee
    } silloin. Kysy, sopiiko aika.
seeker_change-sms = Muutos: { $kind } on nyt { $when }. Vapaaehtoinen tulee silloin.
seeker_change-subject = Muutos: { $kind }, { $when }
seeker_change-body =
    Hei!

    Avun aika muuttui. { $kind } on nyt { $when }.
seeker_change-call = Kerro: aika muuttui, { $kind } on nyt { $when }. Kysy, sopiiko uusi aika.
seeker_reopened-sms = { $kind }, { $when }: auttaja estyi. Etsimme toisen ja kerromme pian.
seeker_reopened-subject = Etsimme toisen auttajan
seeker_reopened-body =
    Hei!

    { $kind }, { $when }: auttaja estyi. Etsimme toisen ja kerromme pian.
seeker_reopened-call = Kerro: auttaja estyi, { $kind }, { $when }. Etsimme toisen ja soitamme, kun hän on löytynyt.
seeker_cancelled-sms = Peruttu: { $kind }, { $when }. Vapaaehtoinen ei tule silloin.
seeker_cancelled-subject = Peruttu: { $kind }, { $when }
seeker_cancelled-body =
    Hei!

    { $kind }, { $when }, on peruttu. Vapaaehtoinen ei tule silloin.
seeker_cancelled-call = Kerro: { $kind }, { $when }, on peruttu.
seeker_unmet-sms = Emme valitettavasti löytäneet auttajaa: { $kind }, { $when }. Soita meille, niin etsimme toisen ajan tai muuta apua.
seeker_unmet-subject = Auttajaa ei löytynyt: { $kind }, { $when }
seeker_unmet-body =
    Hei!

    Emme valitettavasti löytäneet auttajaa: { $kind }, { $when }. Soita meille, niin etsimme yhdessä toisen ajan tai muuta apua.
seeker_unmet-call = Kerro: auttajaa ei valitettavasti löytynyt, { $kind }, { $when }. Pahoittele, ja kysy, sopiiko toinen aika tai tarvitaanko muuta apua.
# Vastaukset tekstiviestiin.
reply_accepted = Kiitos, vastauksesi on kirjattu. Saat pian vahvistuksen.
reply_declined = Kiitos tiedosta. Kysymme toiselta.
reply_filled = Auttaja ehti jo löytyä. Kiitos, että olit valmis auttamaan!
reply_ended = Tämä pyyntö ei ole enää voimassa. Kiitos, että vastasit!
reply_wrong_code = Koodia ei löytynyt. Tarkista koodi viestistä ja vastaa esimerkiksi K AB23 tai E AB23.
reply_unclear = Emme ymmärtäneet vastausta. Vastaa K (kyllä) tai E (ei) ja viestin koodi, esimerkiksi K AB23.
reply_stop = Tekstiviestisi luki kone, eikä mikään muuttunut. Jos et halua enää viestejä, soita kaupungille.
reply_which_code = Sinulla on monta pyyntöä. Vastaa K tai E ja viestin koodi, esimerkiksi K AB23.
reply_not_able = Tämä keikka ei enää sovi tietoihisi. Kiitos, että olit valmis auttamaan!
reply_too_late = Olet jo mukana tällä keikalla. Jos et pääsekään, peru vahvistuksen linkistä tai soita meille.
