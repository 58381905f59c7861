# E-post om brev som ventar i registeret.
notice-subject = Nytt brev frå { $sender }: { $kind }
notice-subject-again = Påminning om brev frå { $sender }: { $kind }
notice-waits = { $sender } har sendt dykk eit brev: { $kind }. Det ligg i Godkjent, registeret for fritt brukarval.
notice-unopened = Brevet er ikkje opna enno.
notice-time-limit = Det går ein frist. Han står i brevet.
notice-log-in =
    Logg inn for å lese brevet:
    { $link }
notice-not-here = Sjølve brevet er ikkje med i denne e-posten.
notice-no-reply = Det går ikkje an å svare på e-posten.
# Kva breva heiter.
notice-receipt = kvittering for ein søknad
notice-preliminary-answer = førebels svar
notice-completion-request = supplering av ein søknad
notice-disclosure = opplysningar som de kan uttale dykk om
notice-decision = vedtak
notice-reasons = grunngiving for eit vedtak
notice-correction = retting av eit vedtak
notice-extension = klagefristen for eit vedtak
notice-appeal-received = kvittering for ei klage
notice-appeal-defects = manglar ved ei klage
notice-appeal-hearing = ei klage frå andre
notice-appeal-statement = fråsegn om ei klage
notice-prior-notice = førehandsvarsel
notice-closed = eit tidlegare førehandsvarsel
# Dokumentasjon som går ut.
notice-evidence-subject = Varsel frå { $sender }: dokumentasjon går snart ut
notice-evidence-subject-again = Påminning frå { $sender }: dokumentasjon går snart ut
notice-evidence-expires = Dokumentasjon som de har lagt ved i ei sak hos { $sender }, går snart ut på dato.
notice-evidence-log-in =
    Logg inn i Godkjent, registeret for fritt brukarval, for å sjå kva for ein:
    { $link }
# Stadfesting av ei adresse.
notice-address-subject = Stadfest e-postadressa for verksemda { $provider }
notice-address-given = Verksemda med organisasjonsnummer { $provider } har oppgitt denne adressa for varsel om brev i Godkjent, registeret for fritt brukarval.
notice-address-confirm =
    Stadfest at adressa er rett:
    { $link }
notice-address-unknown = Har de ikkje bede om dette, treng de ikkje gjere noko. Adressa blir ikkje brukt før nokon stadfestar henne.
notice-sent-by = Avsendar er { $sender }.
