# På svenska. Delar: sms, subject och body (e-post), call (vad den som ringer berättar).
offer-sms = { $kind }{ $area }, { $when }, { $minutes } min. Kan du hjälpa? Svara J { $code } (ja) eller N { $code } (nej) senast { $until }, eller: { $link }
offer-subject = Kan du hjälpa? { $kind }, { $when }
offer-body =
    Hej!

    Kan du hjälpa? { $kind }{ $area }, { $when }. Det tar ungefär { $minutes ->
        [one] en minut
       *[other] { $minutes } minuter
    }.

    Svara senast { $until }:

    { $link }

    Om du inte hinner, säg gärna till så frågar vi någon annan. Tack!
stand_down_filled-sms = { $kind }, { $when }: en hjälpare har redan hittats. Tack för att du var tillgänglig!
stand_down_filled-subject = En hjälpare har redan hittats, tack
stand_down_filled-body =
    Hej!

    { $kind }, { $when }: en hjälpare har redan hittats. Tack för att du var tillgänglig. Du behöver inte göra något.
stand_down_not_needed-sms = { $kind }, { $when }: hjälp behövs inte längre. Tack för att du var tillgänglig!
stand_down_not_needed-subject = Hjälp behövs inte längre, tack
stand_down_not_needed-body =
    Hej!

    { $kind }, { $when }: hjälp behövs inte längre. Tack för att du var tillgänglig. Du behöver inte göra något.
stand_down_moved-sms = Uppdrag { $kind }, { $when }: tiden ändras, så hjälp behövs inte då. Tack för att du ställde upp!
stand_down_moved-subject = Tiden ändras, tack
stand_down_moved-body =
    Hej!

    { $kind }, { $when }: tiden ändras, så hjälp behövs inte längre då. Tack för att du ställde upp. Du behöver inte göra något.
hold-sms = Tack! { $kind }, { $when }: vi söker ännu en andra hjälpare och berättar när hen har hittats. { $link }
hold-subject = Tack! Vi söker ännu en andra hjälpare
hold-body =
    Hej!

    Tack för ditt svar. { $kind }, { $when }, behöver två hjälpare. Vi söker ännu den andra och berättar när hen har hittats.

    { $link }
hold_released-sms = { $kind }, { $when }: en andra hjälpare hittades inte i tid, så det blir inget den här gången. Tack för att du ville hjälpa!
hold_released-subject = En andra hjälpare hittades inte
hold_released-body =
    Hej!

    { $kind }, { $when }: en andra hjälpare hittades inte i tid, och din tid är ledig igen. Tack för att du ville hjälpa!
confirmation-sms = Tack, du är med! { $kind }{ $area }, { $when }. Adress och kontaktuppgifter: { $link }
confirmation-subject = Du är med: { $kind }, { $when }
confirmation-body =
    Hej!

    Tack, du är med: { $kind }{ $area }, { $when }, ungefär { $minutes ->
        [one] en minut
       *[other] { $minutes } minuter
    }.

    Adressen, kontaktuppgifterna och anvisningarna ser du här:

    { $link }

    Om du får förhinder, avboka genast via samma länk så hinner vi söka någon annan.
assigned-sms = En koordinator har antecknat dig som hjälpare: { $kind }{ $area }, { $when }. Adress, och avbokning om du inte kan: { $link }
assigned-subject = Du är antecknad som hjälpare: { $kind }, { $when }
assigned-body =
    Hej!

    En koordinator har antecknat dig som hjälpare utan att fråga dig först: { $kind }{ $area }, { $when }, ungefär { $minutes ->
        [one] en minut
       *[other] { $minutes } minuter
    }.

    Adressen, kontaktuppgifterna och anvisningarna ser du här:

    { $link }

    Om det inte passar dig, säg till genast via samma länk så hinner vi söka någon annan. Det går alldeles bra.
reminder_evening-sms = Påminnelse: i morgon { $kind }{ $area }, { $when }. Uppgifter och avbokning: { $link }
reminder_evening-subject = Påminnelse: { $kind }, { $when }
reminder_evening-body =
    Hej!

    I morgon: { $kind }{ $area }, { $when }. Uppgifter och avbokning:

    { $link }
reminder_soon-sms = Snart: { $kind }{ $area }, { $when }. Uppgifter: { $link }
reminder_soon-subject = Snart: { $kind }, { $when }
reminder_soon-body =
    Hej!

    Snart är det dags: { $kind }{ $area }, { $when }. Uppgifter:

    { $link }
change-sms = Ändring: { $kind }{ $area } är nu { $when }. Uppgifter och avbokning: { $link }
change-subject = Ändring: { $kind }, { $when }
change-body =
    Hej!

    Tiden har ändrats. { $kind }{ $area } är nu { $when }. Om tiden inte passar, avboka via länken:

    { $link }
cancellation-sms = Inställt: { $kind }, { $when }. Du behöver inte åka. Tack för att du ville hjälpa!
cancellation-subject = Inställt: { $kind }, { $when }
cancellation-body =
    Hej!

    { $kind }, { $when }, är inställt. Du behöver inte åka. Tack för att du ville hjälpa!
cancel_noted-sms = Din avbokning är noterad: { $kind }, { $when }. Tack för att du sade till. Vi söker en annan hjälpare.
cancel_noted-subject = Din avbokning är noterad
cancel_noted-body =
    Hej!

    Din avbokning är noterad: { $kind }, { $when }. Tack för att du sade till. Vi söker en annan hjälpare.
thanks-sms = Tack för din hjälp! { $kind }, { $when }. Det gladde.
thanks-subject = Tack för din hjälp!
thanks-body =
    Hej!

    Tack för din hjälp: { $kind }, { $when }. Det gladde.
seeker_confirmation-sms = Hjälp är avtalad: { $kind }, { $when }. En frivillig kommer då. Det kostar inget, ge inte pengar eller bankkoder.
seeker_confirmation-subject = Hjälp är avtalad: { $kind }, { $when }
seeker_confirmation-body =
    Hej!

    Hjälp är avtalad: { $kind }, { $when }. En frivillig kommer då. Hjälpen kostar inget; ge inte pengar eller bankkoder.
seeker_confirmation-call = Berätta: { $kind }, { $when }. { $helpers ->
        [one] En frivillig kommer
       *[other] { $helpers } frivilliga kommer
    } då. Fråga om tiden passar.
seeker_change-sms = Ändring: { $kind } är nu { $when }. En frivillig kommer då.
seeker_change-subject = Ändring: { $kind }, { $when }
seeker_change-body =
    Hej!

    Tiden för hjälpen har ändrats. { $kind } är nu { $when }.
seeker_change-call = Berätta: tiden har ändrats, { $kind } är nu { $when }. Fråga om den nya tiden passar.
seeker_reopened-sms = { $kind }, { $when }: hjälparen fick förhinder. Vi söker en annan och berättar snart.
seeker_reopened-subject = Vi söker en annan hjälpare
seeker_reopened-body =
    Hej!

    { $kind }, { $when }: hjälparen fick förhinder. Vi söker en annan och berättar snart.
seeker_reopened-call = Berätta: hjälparen fick förhinder, { $kind }, { $when }. Vi söker en annan och ringer när hen har hittats.
seeker_cancelled-sms = Inställt: { $kind }, { $when }. Den frivilliga kommer inte då.
seeker_cancelled-subject = Inställt: { $kind }, { $when }
seeker_cancelled-body =
    Hej!

    { $kind }, { $when }, är inställt. Den frivilliga kommer inte då.
seeker_cancelled-call = Berätta: { $kind }, { $when }, är inställt.
seeker_unmet-sms = Vi hittade tyvärr ingen hjälpare: { $kind }, { $when }. Ring oss, så söker vi en annan tid eller annan hjälp.
seeker_unmet-subject = Ingen hjälpare hittades: { $kind }, { $when }
seeker_unmet-body =
    Hej!

    Vi hittade tyvärr ingen hjälpare: { $kind }, { $when }. Ring oss, så söker vi tillsammans en annan tid eller annan hjälp.
seeker_unmet-call = Berätta: vi hittade tyvärr ingen hjälpare, { $kind }, { $when }. Beklaga, och fråga om en annan tid passar eller om annan hjälp behövs.
# Svar på sms.
reply_accepted = Tack, ditt svar är noterat. Du får snart en bekräftelse.
reply_declined = Tack för beskedet. Vi frågar någon annan.
reply_filled = En hjälpare har redan hittats. Tack för att du ville hjälpa!
reply_ended = Den här förfrågan gäller inte längre. Tack för att du svarade!
reply_wrong_code = Koden hittades inte. Kontrollera koden i meddelandet och svara till exempel J AB23 eller N AB23.
reply_unclear = Vi förstod inte svaret. Svara J (ja) eller N (nej) och koden i meddelandet, till exempel J AB23.
reply_stop = En dator läste ditt meddelande och inget ändrades. Vill du inte ha fler meddelanden, ring till staden.
reply_which_code = Du har flera förfrågningar. Svara J eller N och koden i meddelandet, till exempel J AB23.
reply_not_able = Det här uppdraget passar inte längre dina uppgifter. Tack för att du ville hjälpa!
reply_too_late = Du är redan med i det här uppdraget. Om du inte kan komma, avboka via länken i bekräftelsen eller ring oss.
