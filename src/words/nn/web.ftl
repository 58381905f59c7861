# Sidene for innbyggjarar.
web-skip = Hopp til innhaldet
web-main-menu = Hovudmeny
web-find-municipality = Finn kommunen din
web-guide = For leverandørar og kommunar
web-languages = Språk
web-own-name = Nynorsk
web-you-are-here = Du er her
web-municipalities = Kommunar
web-about-links = Om registeret
web-footer-about = Godkjent er eit ope register over fritt brukarval i helse- og omsorgstenesta. Kommunane og leverandørane skriv sjølve det som står her. Registeret rangerer ingen, set ingen informasjonskapslar og lagrar ingenting om deg.
web-open-data = Opne data
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
        *[other] { $amount } dagar
        }
     [weeks] { $amount ->
         [one] 1 veke
        *[other] { $amount } veker
        }
    *[months] { $amount ->
         [one] 1 månad
        *[other] { $amount } månader
        }
    }
web-and = og
web-not-stated = Ikkje oppgitt
web-home-title = Vel kven som skal hjelpe deg
web-home-choice = I nokre kommunar vel du sjølv kven som gir deg hjelp heime, til dømes praktisk hjelp, heimesjukepleie eller personleg assistanse.
web-home-approved = Alle leverandørane du finn her, er godkjende av kommunen, og du betaler det same uansett kven du vel.
web-home-start = Finn kommunen din for å sjå kva du kan velje der, og korleis du byter.
web-search-label = Kommune
web-search-hint = Skriv namnet, eit tidlegare namn eller kommunenummeret.
web-search-button = Finn
web-search-results = Treff på «{ $query }»
web-search-none = Ingen kommune heiter «{ $query }». Sjå etter skrivefeil, eller finn kommunen i lista nedanfor.
web-search-near = Meinte du ein av desse?
web-search-page-title = «{ $query }» – finn kommunen din
web-formerly = tidlegare { $name }
web-with-choice = Kommunar med fritt brukarval
web-with-choice-none = Ingen kommune har lagt ut eit tilbod enno.
web-all-municipalities = Alle kommunar
web-doors = Er du her i ei anna rolle?
web-door-municipality = For kommunar
web-door-municipality-text = Slik kunngjer kommunen eit tilbod, behandlar søknader og held lista oppdatert.
web-door-provider = For leverandørar
web-door-provider-text = Slik søkjer du om godkjenning og fortel innbyggjarane om tilbodet ditt.
web-door-developer = For utviklarar
web-door-developer-text = Alt på desse sidene er opne data med eit dokumentert API.
web-home-description = Finn godkjende leverandørar av helse- og omsorgstenester i kommunen din, samanlikn dei, vel og byt.
web-choice-in = Fritt brukarval i { $municipality }
web-municipality-description = Kva helse- og omsorgstenester du kan velje leverandør for i { $municipality }.
web-municipality-lead = For desse tenestene vel du sjølv kven som skal hjelpe deg.
web-municipality-none = { $municipality } har ikkje lagt ut noka teneste med fritt brukarval her. Kontakt kommunen om du lurer på kva du kan velje.
web-since = Fritt val sidan { $date } i registeret
web-provider-count = { $count ->
     [one] 1 å velje, kommunen si eiga teneste
    *[other] { $count } å velje mellom, kommunen si eiga teneste rekna med
    }
web-ended-services = Avslutta
web-ended-since = Avslutta { $date }
web-ends-on = Blir avslutta { $date }
web-closed-short = Tek ikkje inn nye leverandørar
web-neighbours = Andre kommunar i { $county } med fritt brukarval
web-same-service-nearby = Same teneste elles i { $county }
web-municipality-contact = Kontakt i kommunen for leverandørar
web-service-title = { $service } i { $municipality } – vel leverandør
web-service-description = Samanlikn godkjende leverandørar av { $service } i { $municipality }. Slik vel du, slik byter du, og dette skjer om du ikkje vel.
web-service-lead = Har du vedtak om denne tenesta, vel du sjølv kven som skal hjelpe deg. Alle på lista er godkjende av kommunen og følgjer dei same krava. Du kan ombestemme deg og byte.
web-service-lead-ended = Dette tilbodet er avslutta. Du kan ikkje lenger velje leverandør her. Kommunen har ansvaret for hjelpa di.
web-facts = Kort fortalt
web-fact-deadline = Så lenge har du på å velje
web-fact-default = Om du ikkje vel
web-fact-default-municipal = Kommunen si eiga teneste hjelper deg
web-fact-default-distribute = Kommunen fordeler etter ein fast regel
web-fact-switch = Eit byte tek
web-fact-switch-free = { $period }, utan grunngiving
web-fact-switch-reason = { $period }, med grunngiving
web-fact-start = Hjelpa startar innan
web-ending-heading = Tilbodet blir avslutta { $date }
web-ended-heading = Tilbodet vart avslutta { $date }
web-closing-heading = Ingen nye leverandørar frå { $date }
web-closing-text = Dei som er på lista, kan framleis veljast.
web-taken-over = { $name } tek over. Dei som har hjelp i dag, får ho som før til og med { $until }.
web-choose-between = { $count ->
     [one] Eitt tilbod
    *[other] Vel mellom { $count }
    }
web-only-own = Ingen andre leverandørar er godkjende enno. Til det kjem nokon, hjelper kommunen deg.
web-all-full = Ingen har plass akkurat no. Du kan velje likevel; spør leverandøren kor lang ventetida er.
web-order-fair = Rekkjefølgja er tilfeldig og skiftar kvar dag, så ingen alltid står først.
web-order-name = Sortert etter namn.
web-sort-by-name = Sorter etter namn
web-sort-fairly = Vis i tilfeldig rekkjefølgje
web-filter = Vis berre dei som passar for deg
web-filter-zone = Område
web-filter-zone-all = Alle område
web-filter-language = Språk
web-filter-language-all = Alle språk
web-filter-time = Tid på døgnet
web-filter-time-all = Alle tider
web-filter-kind = Type leverandør
web-filter-kind-all = Alle typar
web-filter-capacity = Ledig plass
web-filter-capacity-all = Med og utan ledig plass
web-filter-capacity-free = Har plass no
web-filter-button = Vis
web-filter-clear = Vis alle
web-filter-found = Viser { $count } av { $all }.
web-filter-none = Ingen på lista passar med alt du har valt. Fjern eit val, eller vis alle.
web-kind = { $kind ->
     [commercial] Privat leverandør
     [non-profit] Ideell leverandør
    *[other] Kommunal leverandør
    }
web-own-offer = Kommunen si eiga teneste
web-capacity = { $state ->
     [open] Har plass
     [limited] Få plassar
     [full] Fullt no
    *[other] Plass ikkje oppgitt
    }
web-capacity-on = sidan { $date }
web-time-of-day = { $time ->
     [day] dag
     [evening] kveld
     [night] natt
    *[other] helg
    }
web-continuity = Kven kjem til deg
web-starts-within = Startar innan
web-times = Tider
web-area = Område
web-whole-area = Alle område
web-competence = Særskild kompetanse
web-opening-hours = Kontoret svarer
web-phone = Telefon
web-web-page = Nettside
web-add-ons = Tilleggstenester du betaler sjølv
web-add-ons-note = Ikkje ein del av tenesta frå kommunen. Du treng ikkje kjøpe noko av dette.
web-available-until = Kan veljast til og med { $date }
web-confirmed = Stadfesta { $date }
web-stale = Ikkje stadfesta sidan { $date}. Spør om dette framleis stemmer.
web-how-heading = Slik fungerer det
web-about-service = Kva tenesta er
web-how-to-choose = Korleis vel eg?
web-without-choice = Kva skjer om eg ikkje vel?
web-without-choice-municipal = Då hjelper kommunen si eiga teneste deg. Du kan byte seinare.
web-without-choice-distribute = Då vel kommunen for deg etter ein fast regel. Du kan byte seinare.
web-deadline-text = Du har { $period } på deg frå du får vedtaket.
web-how-to-switch = Korleis byter eg?
web-switch-time = Eit byte tek { $period }. Hjelpa di held fram som før til bytet er gjort.
web-switch-free = Du treng ikkje å seie kvifor.
web-switch-reason = Du må seie kvifor du vil byte.
web-cost = Kva kostar det?
web-cost-same = Kommunen betaler alle leverandørar det same. Dei konkurrerer derfor om å vere gode, ikkje om å vere billege.
web-price-table = Dette betaler kommunen til leverandøren
web-price-what = Kva
web-price-amount = Pris
web-price-always = Alle tider
web-price-from = Frå { $date }
web-unit = { $unit ->
     [hour] per time
     [visit] per besøk
     [place-day] per døgn
     [month] per månad
    *[other] per skuleår
    }
web-complain = Korleis klagar eg?
web-contact = Kven kan eg spørje?
web-why-choice = Kvifor kan eg velje?
web-why-choice-text = Kommunen har bestemt at du skal ha innverknad på kven som kjem heim til deg. Kommunen har framleis ansvaret for at du får den hjelpa du har rett til, og følgjer opp leverandørane.
web-published = Versjon { $version } av tilbodet, publisert { $date }.
web-as-data = Sida som data
web-provider-description = Kvar { $name } er godkjend som leverandør av helse- og omsorgstenester, og kvar han har vore det.
web-organisation-number = Organisasjonsnummer
web-profile-confirmed = Sist stadfesta av leverandøren
web-spoken = Språk
web-approved-here = Godkjend her
web-approved-nowhere = Leverandøren er ikkje godkjend nokon stad no.
web-approved-formerly = Tidlegare og komande
web-service-in = { $service } i { $municipality }
web-approval-title = Godkjenninga av { $provider } i { $municipality }
web-approval-description = Om godkjenninga av { $provider } i { $municipality } gjeld, og frå når.
web-approval-heading = Godkjenning
web-status-short = { $status ->
     [active] Gjeld
     [ending] Gjeld, men blir avslutta
     [pending-contract] Gjeld ikkje enno
     [revoked] Trekt tilbake
     [expired] Utgått
    *[other] Avslutta
    }
web-in-force-on = Ja, godkjenninga gjeld { $date }
web-not-in-force-on = Nei, godkjenninga gjeld ikkje { $date }
web-granted = Vedtak om godkjenning
web-contract-from = Avtalen gjeld frå
web-contract-to = Avtalen gjeld til
web-last-day = Siste dag
web-revoked-from = Trekt tilbake frå
web-grounds = Grunnlag
web-gap = Var trekt tilbake frå { $from } til { $to }; det vart seinare gjort om.
web-taken-away-on-appeal = Godkjenninga vart teken bort etter ei klage.
web-taken-over-by = Blir overteken av
web-decision-number = Nummeret på vedtaket
web-approval-number = Nummeret på godkjenninga
web-provider = Leverandør
web-service = Teneste
web-who-to-ask = Spørsmål om godkjenninga
web-another-day = Galdt ho ein annan dag?
web-day-label = Dag
web-day-hint = Skriv år, månad og dag, til dømes 2026-03-12. Svaret gjeld ved slutten av dagen.
web-day-button = Sjekk dagen
web-day-today = Sjekk i dag
web-day-wrong = Skriv ein dag som har vore, eller i dag, som år, månad og dag: 2026-03-12.
web-error-prefix = Feil:
web-approval-unknown-then = Registeret hadde ikkje denne godkjenninga den dagen.
web-not-found = Vi fann ikkje sida
web-not-found-text = Adressa kan vere skriven feil, eller sida kan vere flytta.
web-no-municipality = Vi fann ikkje kommunen
web-no-service = Denne tenesta kan ikkje veljast i { $municipality }
web-no-service-text = { $municipality } har ikkje lagt ut tenesta med fritt brukarval. Spør kommunen om hjelpa du treng.
web-there-instead = Dette kan du velje i { $municipality }
web-no-provider = Vi fann ikkje leverandøren
web-no-provider-text = Ingen leverandør i registeret har dette organisasjonsnummeret. Sjå etter skrivefeil.
web-no-approval = Vi fann ikkje godkjenninga
web-no-approval-text = Registeret har inga godkjenning med dette nummeret. Rekn ikkje med at leverandøren er godkjend, og spør kommunen.
web-approval-removed = Godkjenninga vart teken ut av registeret { $date }. Spør kommunen.
web-approval-of = Godkjenninga av { $provider }
web-print-link = Alle tilboda på papir
web-form-link = Byteskjema på papir
web-large-link = Med stor skrift
web-normal-link = Med vanleg skrift
web-print-hint = Skriv ut sida frå nettlesaren.
web-brochure-title = { $service } i { $municipality } – på papir
web-printed-on = Slik det var { $date }. Det nyaste finn du på { $url }
web-switch-form-title = Skjema for å byte leverandør
web-switch-form-page = Byteskjema: { $service } i { $municipality }
web-switch-form-lead = Fyll ut skjemaet for hand, og send eller gi det til kommunen. Registeret lagrar ingenting om deg.
web-form-about-you = Om deg
web-form-name = Namn
web-form-born = Fødselsdato
web-form-address = Adresse
web-form-phone = Telefon
web-form-helper = Fylt ut av (om det ikkje er deg)
web-form-now = Leverandøren du har no
web-form-wanted = Leverandøren du vil ha. Set eitt kryss.
web-form-from = Eg ønskjer å byte frå (dato)
web-form-reason = Kvifor eg vil byte
web-form-signature = Stad, dato og underskrift
web-form-send = Send eller gi skjemaet til
web-privacy = Personvern
web-privacy-description = Kva registeret lagrar om dei som les sidene, og om dei som har ei sak.
web-privacy-lead = Du kan lese alt her utan å fortelje kven du er.
web-privacy-readers = Når du les sidene
web-privacy-readers-text = Sidene set ingen informasjonskapslar, køyrer ingen skript og hentar ingenting frå andre nettstader. Registeret tel kor mange som les kvar type side, men skriv ikkje ned kven. Nettadressa di (IP-adressa) er berre i minnet medan registeret passar på at ingen sender for mange førespurnader. Den som driv registeret, kan ha ein nettenar framfor som fører sin eigen logg.
web-privacy-choice = Når du vel eller byter
web-privacy-choice-text = Registeret veit ikkje kven du vel. Valet ditt gir du til kommunen, som behandlar det etter sine eigne reglar.
web-privacy-public = Det som er ope
web-privacy-public-text = Ope er tilboda til kommunane, profilane til leverandørane, kven som er godkjend, og utfallet av vedtak. Søknader, vedlegg, vurderingar og grunngivingar er berre for partane i saka.
web-accessibility = Tilgjenge
web-accessibility-description = Korleis sidene er laga for at alle skal kunne bruke dei, og kva som er testa.
web-accessibility-lead = Sidene skal kunne brukast av alle: med skjermlesar, med tastatur, med stor skrift og på papir.
web-accessibility-tested = Kva som er testa
web-accessibility-tested-text = Kvar side blir testa automatisk mot WCAG 2.2 nivå A og AA med axe, på bokmål og nynorsk, på liten og stor skjerm, i lyst og mørkt tema. HTML-en er kontrollert, sidene verkar utan JavaScript, og vegen frå framsida til ein leverandør er testa med tastatur åleine.
web-accessibility-not-tested = Kva som ikkje er testa
web-accessibility-not-tested-text = Automatiske testar finn ikkje alt. Sidene er ikkje testa med brukarar eller med kvar skjermlesar. Dokumentasjonen for utviklarar under /docs/ bruker eit verktøy frå andre og er ikkje med i testane.
web-accessibility-fault = Fann du ein feil?
web-accessibility-fault-text = Sei frå til kommunen som har sida; kontakten står nedst på sida om tenesta. Teksten om tilboda skriv kommunen og leverandørane sjølve.
web-see-providers = Sjå alle på lista
web-embed-title = { $service } i { $municipality } – lista
web-embed-more = Slik vel og byter du
web-embed-summary = Vis lista på ein annan nettstad
web-embed-text = Lim dette inn på sida. Lista er alltid den nyaste.
