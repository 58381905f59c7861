# E-post om brev som venter i registeret.
notice-subject = Nytt brev fra { $sender }: { $kind }
notice-subject-again = Påminnelse om brev fra { $sender }: { $kind }
notice-waits = { $sender } har sendt dere et brev: { $kind }. Det ligger i Godkjent, registeret for fritt brukervalg.
notice-unopened = Brevet er ikke åpnet ennå.
notice-time-limit = Det løper en frist. Den står i brevet.
notice-log-in =
    Logg inn for å lese brevet:
    { $link }
notice-not-here = Selve brevet er ikke med i denne e-posten.
notice-no-reply = Det går ikke an å svare på e-posten.
# Hva brevene heter.
notice-receipt = kvittering for en søknad
notice-preliminary-answer = foreløpig svar
notice-completion-request = supplering av en søknad
notice-disclosure = opplysninger som dere kan uttale dere om
notice-decision = vedtak
notice-reasons = begrunnelse for et vedtak
notice-correction = retting av et vedtak
notice-extension = klagefristen for et vedtak
notice-appeal-received = kvittering for en klage
notice-appeal-defects = mangler ved en klage
notice-appeal-hearing = en klage fra andre
notice-appeal-statement = uttalelse om en klage
notice-prior-notice = forhåndsvarsel
notice-closed = et tidligere forhåndsvarsel
# Dokumentasjon som går ut.
notice-evidence-subject = Varsel fra { $sender }: dokumentasjon går snart ut
notice-evidence-subject-again = Påminnelse fra { $sender }: dokumentasjon går snart ut
notice-evidence-expires = Dokumentasjon som dere har lagt ved i en sak hos { $sender }, går snart ut på dato.
notice-evidence-log-in =
    Logg inn i Godkjent, registeret for fritt brukervalg, for å se hvilken:
    { $link }
# Bekreftelse av en adresse.
notice-address-subject = Bekreft e-postadressen for virksomheten { $provider }
notice-address-given = Virksomheten med organisasjonsnummer { $provider } har oppgitt denne adressen for varsler om brev i Godkjent, registeret for fritt brukervalg.
notice-address-confirm =
    Bekreft at adressen er riktig:
    { $link }
notice-address-unknown = Har dere ikke bedt om dette, trenger dere ikke gjøre noe. Adressen blir ikke brukt før noen bekrefter den.
notice-sent-by = Avsender er { $sender }.
