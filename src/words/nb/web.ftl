# Sidene for innbyggere.
web-skip = Hopp til innholdet
web-main-menu = Hovedmeny
web-find-municipality = Finn kommunen din
web-guide = For leverandører og kommuner
web-languages = Språk
web-own-name = Bokmål
web-you-are-here = Du er her
web-municipalities = Kommuner
web-about-links = Om registeret
web-footer-about = Godkjent er et åpent register over fritt brukervalg i helse- og omsorgstjenesten. Kommunene og leverandørene skriver selv det som står her. Registeret rangerer ingen, setter ingen informasjonskapsler og lagrer ingenting om deg.
web-open-data = Åpne data
web-date = { $day }. { $month ->
     [1] januar
     [2] februar
     [3] mars
     [4] april
     [5] mai
     [6] juni
     [7] juli
     [8] august
     [9] september
     [10] oktober
     [11] november
    *[12] desember
    } { $year }
web-language-name = { $code ->
     [nb] bokmål
     [nn] nynorsk
     [en] engelsk
     [se] nordsamisk
     [sma] sørsamisk
     [smj] lulesamisk
     [sme] nordsamisk
     [da] dansk
     [sv] svensk
     [fi] finsk
     [is] islandsk
     [de] tysk
     [fr] fransk
     [es] spansk
     [it] italiensk
     [pt] portugisisk
     [nl] nederlandsk
     [pl] polsk
     [ru] russisk
     [uk] ukrainsk
     [lt] litauisk
     [lv] latvisk
     [et] estisk
     [ro] rumensk
     [bs] bosnisk
     [hr] kroatisk
     [sr] serbisk
     [sq] albansk
     [el] gresk
     [tr] tyrkisk
     [ar] arabisk
     [fa] persisk
     [ku] kurdisk
     [prs] dari
     [ps] pashto
     [ur] urdu
     [hi] hindi
     [pa] panjabi
     [ta] tamil
     [ti] tigrinja
     [so] somali
     [am] amharisk
     [sw] swahili
     [zh] kinesisk
     [vi] vietnamesisk
     [th] thai
     [tl] tagalog
     [fil] filippinsk
     [my] burmesisk
    *[other] { $code }
    }
web-period = { $unit ->
     [days] { $amount ->
         [one] 1 dag
        *[other] { $amount } dager
        }
     [weeks] { $amount ->
         [one] 1 uke
        *[other] { $amount } uker
        }
    *[months] { $amount ->
         [one] 1 måned
        *[other] { $amount } måneder
        }
    }
web-and = og
web-not-stated = Ikke oppgitt
web-home-title = Velg hvem som skal hjelpe deg
web-home-choice = I noen kommuner velger du selv hvem som gir deg hjelp hjemme, for eksempel praktisk bistand, hjemmesykepleie eller personlig assistanse.
web-home-approved = Alle leverandørene du finner her, er godkjent av kommunen, og du betaler det samme uansett hvem du velger.
web-home-start = Finn kommunen din for å se hva du kan velge der, og hvordan du bytter.
web-search-label = Kommune
web-search-hint = Skriv navnet, et tidligere navn eller kommunenummeret.
web-search-button = Finn
web-search-results = Treff på «{ $query }»
web-search-none = Ingen kommune heter «{ $query }». Se etter skrivefeil, eller finn kommunen i listen nedenfor.
web-search-near = Mente du en av disse?
web-search-page-title = «{ $query }» – finn kommunen din
web-formerly = tidligere { $name }
web-with-choice = Kommuner med fritt brukervalg
web-with-choice-none = Ingen kommune har lagt ut et tilbud ennå.
web-all-municipalities = Alle kommuner
web-doors = Er du her i en annen rolle?
web-door-municipality = For kommuner
web-door-municipality-text = Slik kunngjør kommunen et tilbud, behandler søknader og holder listen oppdatert.
web-door-provider = For leverandører
web-door-provider-text = Slik søker du om godkjenning og forteller innbyggerne om tilbudet ditt.
web-door-developer = For utviklere
web-door-developer-text = Alt på disse sidene er åpne data med et dokumentert API.
web-home-description = Finn godkjente leverandører av helse- og omsorgstjenester i kommunen din, sammenlign dem, velg og bytt.
web-choice-in = Fritt brukervalg i { $municipality }
web-municipality-description = Hvilke helse- og omsorgstjenester du kan velge leverandør for i { $municipality }.
web-municipality-lead = For disse tjenestene velger du selv hvem som skal hjelpe deg.
web-municipality-none = { $municipality } har ikke lagt ut noen tjeneste med fritt brukervalg her. Kontakt kommunen om du lurer på hva du kan velge.
web-since = Fritt valg siden { $date } i registeret
web-provider-count = { $count ->
     [one] 1 å velge mellom, kommunens egen tjeneste
    *[other] { $count } å velge mellom, kommunens egen tjeneste medregnet
    }
web-ended-services = Avsluttet
web-ended-since = Avsluttet { $date }
web-ends-on = Avsluttes { $date }
web-closed-short = Tar ikke inn nye leverandører
web-neighbours = Andre kommuner i { $county } med fritt brukervalg
web-same-service-nearby = Samme tjeneste ellers i { $county }
web-municipality-contact = Kontakt i kommunen for leverandører
web-service-title = { $service } i { $municipality } – velg leverandør
web-service-description = Sammenlign godkjente leverandører av { $service } i { $municipality }. Slik velger du, slik bytter du, og dette skjer hvis du ikke velger.
web-service-lead = Har du vedtak om denne tjenesten, velger du selv hvem som skal hjelpe deg. Alle på listen er godkjent av kommunen og følger de samme kravene. Du kan ombestemme deg og bytte.
web-service-lead-ended = Dette tilbudet er avsluttet. Du kan ikke lenger velge leverandør her. Kommunen har ansvaret for hjelpen din.
web-facts = Kort fortalt
web-fact-deadline = Så lenge har du på å velge
web-fact-default = Hvis du ikke velger
web-fact-default-municipal = Kommunens egen tjeneste hjelper deg
web-fact-default-distribute = Kommunen fordeler etter en fast regel
web-fact-switch = Et bytte tar
web-fact-switch-free = { $period }, uten begrunnelse
web-fact-switch-reason = { $period }, med begrunnelse
web-fact-start = Hjelpen starter innen
web-ending-heading = Tilbudet avsluttes { $date }
web-ended-heading = Tilbudet ble avsluttet { $date }
web-closing-heading = Ingen nye leverandører fra { $date }
web-closing-text = De som er på listen, kan fortsatt velges.
web-taken-over = { $name } tar over. De som har hjelp i dag, får den som før til og med { $until }.
web-choose-between = { $count ->
     [one] Ett tilbud
    *[other] Velg mellom { $count }
    }
web-only-own = Ingen andre leverandører er godkjent ennå. Til det kommer noen, hjelper kommunen deg.
web-all-full = Ingen har plass akkurat nå. Du kan velge likevel; spør leverandøren hvor lang ventetiden er.
web-order-fair = Rekkefølgen er tilfeldig og skifter hver dag, så ingen alltid står først.
web-order-name = Sortert etter navn.
web-sort-by-name = Sorter etter navn
web-sort-fairly = Vis i tilfeldig rekkefølge
web-filter = Vis bare dem som passer for deg
web-filter-zone = Område
web-filter-zone-all = Alle områder
web-filter-language = Språk
web-filter-language-all = Alle språk
web-filter-time = Tid på døgnet
web-filter-time-all = Alle tider
web-filter-kind = Type leverandør
web-filter-kind-all = Alle typer
web-filter-capacity = Ledig plass
web-filter-capacity-all = Med og uten ledig plass
web-filter-capacity-free = Har plass nå
web-filter-button = Vis
web-filter-clear = Vis alle
web-filter-found = Viser { $count } av { $all }.
web-filter-none = Ingen på listen passer med alt du har valgt. Fjern et valg, eller vis alle.
web-kind = { $kind ->
     [commercial] Privat leverandør
     [non-profit] Ideell leverandør
    *[other] Kommunal leverandør
    }
web-own-offer = Kommunens egen tjeneste
web-capacity = { $state ->
     [open] Har plass
     [limited] Få plasser
     [full] Fullt nå
    *[other] Plass ikke oppgitt
    }
web-capacity-on = siden { $date }
web-time-of-day = { $time ->
     [day] dag
     [evening] kveld
     [night] natt
    *[other] helg
    }
web-continuity = Hvem kommer til deg
web-starts-within = Starter innen
web-times = Tider
web-area = Område
web-whole-area = Alle områder
web-competence = Spesiell kompetanse
web-opening-hours = Kontoret svarer
web-phone = Telefon
web-web-page = Nettside
web-add-ons = Tilleggstjenester du betaler selv
web-add-ons-note = Ikke en del av tjenesten fra kommunen. Du trenger ikke kjøpe noe av dette.
web-available-until = Kan velges til og med { $date }
web-confirmed = Bekreftet { $date }
web-stale = Ikke bekreftet siden { $date}. Spør om dette fortsatt stemmer.
web-how-heading = Slik fungerer det
web-about-service = Hva tjenesten er
web-how-to-choose = Hvordan velger jeg?
web-without-choice = Hva skjer hvis jeg ikke velger?
web-without-choice-municipal = Da hjelper kommunens egen tjeneste deg. Du kan bytte senere.
web-without-choice-distribute = Da velger kommunen for deg etter en fast regel. Du kan bytte senere.
web-deadline-text = Du har { $period } på deg fra du får vedtaket.
web-how-to-switch = Hvordan bytter jeg?
web-switch-time = Et bytte tar { $period }. Hjelpen din fortsetter som før til byttet er gjort.
web-switch-free = Du trenger ikke å si hvorfor.
web-switch-reason = Du må si hvorfor du vil bytte.
web-cost = Hva koster det?
web-cost-same = Kommunen betaler alle leverandører det samme. De konkurrerer derfor om å være gode, ikke om å være billige.
web-price-table = Dette betaler kommunen til leverandøren
web-price-what = Hva
web-price-amount = Pris
web-price-always = Alle tider
web-price-from = Fra { $date }
web-unit = { $unit ->
     [hour] per time
     [visit] per besøk
     [place-day] per døgn
     [month] per måned
    *[other] per skoleår
    }
web-complain = Hvordan klager jeg?
web-contact = Hvem kan jeg spørre?
web-why-choice = Hvorfor kan jeg velge?
web-why-choice-text = Kommunen har bestemt at du skal ha innflytelse på hvem som kommer hjem til deg. Kommunen har fortsatt ansvaret for at du får den hjelpen du har rett til, og følger opp leverandørene.
web-published = Versjon { $version } av tilbudet, publisert { $date }.
web-as-data = Siden som data
web-provider-description = Hvor { $name } er godkjent som leverandør av helse- og omsorgstjenester, og hvor den har vært det.
web-organisation-number = Organisasjonsnummer
web-profile-confirmed = Sist bekreftet av leverandøren
web-spoken = Språk
web-approved-here = Godkjent her
web-approved-nowhere = Leverandøren er ikke godkjent noe sted nå.
web-approved-formerly = Tidligere og kommende
web-service-in = { $service } i { $municipality }
web-approval-title = Godkjenningen av { $provider } i { $municipality }
web-approval-description = Om godkjenningen av { $provider } i { $municipality } gjelder, og fra når.
web-approval-heading = Godkjenning
web-status-short = { $status ->
     [active] Gjelder
     [ending] Gjelder, men avsluttes
     [pending-contract] Gjelder ikke ennå
     [revoked] Trukket tilbake
     [expired] Utløpt
    *[other] Avsluttet
    }
web-in-force-on = Ja, godkjenningen gjelder { $date }
web-not-in-force-on = Nei, godkjenningen gjelder ikke { $date }
web-granted = Vedtak om godkjenning
web-contract-from = Avtalen gjelder fra
web-contract-to = Avtalen gjelder til
web-last-day = Siste dag
web-revoked-from = Trukket tilbake fra
web-grounds = Grunnlag
web-gap = Var trukket tilbake fra { $from } til { $to }; det ble senere gjort om.
web-taken-away-on-appeal = Godkjenningen ble tatt bort etter en klage.
web-taken-over-by = Overtas av
web-decision-number = Vedtakets nummer
web-approval-number = Godkjenningens nummer
web-provider = Leverandør
web-service = Tjeneste
web-who-to-ask = Spørsmål om godkjenningen
web-another-day = Gjaldt den en annen dag?
web-day-label = Dag
web-day-hint = Skriv år, måned og dag, for eksempel 2026-03-12. Svaret gjelder ved slutten av dagen.
web-day-button = Sjekk dagen
web-day-today = Sjekk i dag
web-day-wrong = Skriv en dag som har vært, eller i dag, som år, måned og dag: 2026-03-12.
web-error-prefix = Feil:
web-approval-unknown-then = Registeret hadde ikke denne godkjenningen den dagen.
web-not-found = Vi fant ikke siden
web-not-found-text = Adressen kan være skrevet feil, eller siden kan være flyttet.
web-no-municipality = Vi fant ikke kommunen
web-no-service = Denne tjenesten kan ikke velges i { $municipality }
web-no-service-text = { $municipality } har ikke lagt ut tjenesten med fritt brukervalg. Spør kommunen om hjelpen du trenger.
web-there-instead = Dette kan du velge i { $municipality }
web-no-provider = Vi fant ikke leverandøren
web-no-provider-text = Ingen leverandør i registeret har dette organisasjonsnummeret. Se etter skrivefeil.
web-no-approval = Vi fant ikke godkjenningen
web-no-approval-text = Registeret har ingen godkjenning med dette nummeret. Regn ikke med at leverandøren er godkjent, og spør kommunen.
web-approval-removed = Godkjenningen ble tatt ut av registeret { $date }. Spør kommunen.
web-approval-of = Godkjenningen av { $provider }
web-print-link = Alle tilbudene på papir
web-form-link = Bytteskjema på papir
web-large-link = Med stor skrift
web-normal-link = Med vanlig skrift
web-print-hint = Skriv ut siden fra nettleseren.
web-brochure-title = { $service } i { $municipality } – på papir
web-printed-on = Slik det var { $date }. Det nyeste finner du på { $url }
web-switch-form-title = Skjema for å bytte leverandør
web-switch-form-page = Bytteskjema: { $service } i { $municipality }
web-switch-form-lead = Fyll ut skjemaet for hånd, og send eller gi det til kommunen. Registeret lagrer ingenting om deg.
web-form-about-you = Om deg
web-form-name = Navn
web-form-born = Fødselsdato
web-form-address = Adresse
web-form-phone = Telefon
web-form-helper = Fylt ut av (hvis det ikke er deg)
web-form-now = Leverandøren du har nå
web-form-wanted = Leverandøren du vil ha. Sett ett kryss.
web-form-from = Jeg ønsker å bytte fra (dato)
web-form-reason = Hvorfor jeg vil bytte
web-form-signature = Sted, dato og underskrift
web-form-send = Send eller gi skjemaet til
web-privacy = Personvern
web-privacy-description = Hva registeret lagrer om dem som leser sidene, og om dem som har en sak.
web-privacy-lead = Du kan lese alt her uten å fortelle hvem du er.
web-privacy-readers = Når du leser sidene
web-privacy-readers-text = Sidene setter ingen informasjonskapsler, kjører ingen skript og henter ingenting fra andre nettsteder. Registeret teller hvor mange som leser hver type side, men skriver ikke ned hvem. Nettadressen din (IP-adressen) er bare i minnet mens registeret passer på at ingen sender for mange forespørsler. Den som driver registeret, kan ha en nettjener foran som fører sin egen logg.
web-privacy-choice = Når du velger eller bytter
web-privacy-choice-text = Registeret vet ikke hvem du velger. Valget ditt gir du til kommunen, som behandler det etter sine egne regler.
web-privacy-public = Det som er åpent
web-privacy-public-text = Åpent er kommunenes tilbud, leverandørenes profiler, hvem som er godkjent, og utfallet av vedtak. Søknader, vedlegg, vurderinger og begrunnelser er bare for partene i saken.
web-accessibility = Tilgjengelighet
web-accessibility-description = Hvordan sidene er laget for at alle skal kunne bruke dem, og hva som er testet.
web-accessibility-lead = Sidene skal kunne brukes av alle: med skjermleser, med tastatur, med stor skrift og på papir.
web-accessibility-tested = Hva som er testet
web-accessibility-tested-text = Hver side testes automatisk mot WCAG 2.2 nivå A og AA med axe, på bokmål og nynorsk, på liten og stor skjerm, i lyst og mørkt tema. HTML-en er kontrollert, sidene virker uten JavaScript, og veien fra forsiden til en leverandør er testet med tastatur alene.
web-accessibility-not-tested = Hva som ikke er testet
web-accessibility-not-tested-text = Automatiske tester finner ikke alt. Sidene er ikke testet med brukere eller med hver skjermleser. Dokumentasjonen for utviklere under /docs/ bruker et verktøy fra andre og er ikke med i testene.
web-accessibility-fault = Fant du en feil?
web-accessibility-fault-text = Si fra til kommunen som har siden; kontakten står nederst på siden om tjenesten. Teksten om tilbudene skriver kommunen og leverandørene selv.
web-see-providers = Se alle på listen
web-embed-title = { $service } i { $municipality } – listen
web-embed-more = Slik velger og bytter du
web-embed-summary = Vis listen på en annen nettside
web-embed-text = Lim dette inn på siden. Listen er alltid den nyeste.
