# Pages for citizens.
web-skip = Skip to content
web-main-menu = Main menu
web-find-municipality = Find your municipality
web-guide = For providers and municipalities
web-languages = Languages
web-own-name = English
web-you-are-here = You are here
web-municipalities = Municipalities
web-about-links = About the registry
web-footer-about = Godkjent is an open registry of free user choice in municipal health and care services. Municipalities and providers write what you read here. The registry ranks nobody, sets no cookies and stores nothing about you.
web-open-data = Open data
web-date = { $day } { $month ->
     [1] January
     [2] February
     [3] March
     [4] April
     [5] May
     [6] June
     [7] July
     [8] August
     [9] September
     [10] October
     [11] November
    *[12] December
    } { $year }
web-language-name = { $code ->
     [nb] Norwegian (bokmål)
     [nn] Norwegian (nynorsk)
     [en] English
     [se] Northern Sami
     [sma] Southern Sami
     [smj] Lule Sami
     [sme] Northern Sami
     [da] Danish
     [sv] Swedish
     [fi] Finnish
     [is] Icelandic
     [de] German
     [fr] French
     [es] Spanish
     [it] Italian
     [pt] Portuguese
     [nl] Dutch
     [pl] Polish
     [ru] Russian
     [uk] Ukrainian
     [lt] Lithuanian
     [lv] Latvian
     [et] Estonian
     [ro] Romanian
     [bs] Bosnian
     [hr] Croatian
     [sr] Serbian
     [sq] Albanian
     [el] Greek
     [tr] Turkish
     [ar] Arabic
     [fa] Persian
     [ku] Kurdish
     [prs] Dari
     [ps] Pashto
     [ur] Urdu
     [hi] Hindi
     [pa] Punjabi
     [ta] Tamil
     [ti] Tigrinya
     [so] Somali
     [am] Amharic
     [sw] Swahili
     [zh] Chinese
     [vi] Vietnamese
     [th] Thai
     [tl] Tagalog
     [fil] Filipino
     [my] Burmese
    *[other] { $code }
    }
web-period = { $unit ->
     [days] { $amount ->
         [one] 1 day
        *[other] { $amount } days
        }
     [weeks] { $amount ->
         [one] 1 week
        *[other] { $amount } weeks
        }
    *[months] { $amount ->
         [one] 1 month
        *[other] { $amount } months
        }
    }
web-and = and
web-not-stated = Not stated
web-home-title = Choose who helps you
web-home-choice = In some municipalities you choose who helps you at home, for example with practical help, home nursing or personal assistance.
web-home-approved = Your municipality has approved every provider listed here, and you pay the same whoever you choose.
web-home-start = Find your municipality to see what you can choose there, and how to switch.
web-search-label = Municipality
web-search-hint = Type its name, a former name or its number.
web-search-button = Find
web-search-results = Results for “{ $query }”
web-search-none = No municipality is called “{ $query }”. Check the spelling, or find it in the list below.
web-search-near = Did you mean one of these?
web-search-page-title = “{ $query }” – find your municipality
web-formerly = formerly { $name }
web-with-choice = Municipalities with free choice
web-with-choice-none = No municipality has published an offering yet.
web-all-municipalities = All municipalities
web-doors = Here in another role?
web-door-municipality = For municipalities
web-door-municipality-text = How a municipality announces an offering, handles applications and keeps the list up to date.
web-door-provider = For providers
web-door-provider-text = How to apply for approval and tell citizens about your service.
web-door-developer = For developers
web-door-developer-text = Everything on these pages is open data with a documented API.
web-home-description = Find approved providers of health and care services in your municipality, compare, choose and switch.
web-choice-in = Free choice in { $municipality }
web-municipality-description = The health and care services for which you can choose a provider in { $municipality }.
web-municipality-lead = For these services you choose who helps you.
web-municipality-none = { $municipality } has published no service with free choice here. Contact the municipality if you wonder what you can choose.
web-since = In the registry since { $date }
web-provider-count = { $count ->
     [one] 1 to choose, the municipality’s own service
    *[other] { $count } to choose from, including the municipality’s own service
    }
web-ended-services = Ended
web-ended-since = Ended on { $date }
web-ends-on = Ends on { $date }
web-closed-short = Admits no new providers
web-neighbours = Other municipalities in { $county } with free choice
web-same-service-nearby = The same service elsewhere in { $county }
web-municipality-contact = The municipality’s contact for providers
web-service-title = { $service } in { $municipality } – choose a provider
web-service-description = Compare approved providers of { $service } in { $municipality }. How to choose, how to switch, and what happens without a choice.
web-service-lead = If you have been granted this service, you choose who helps you. Everyone listed is approved by the municipality and meets the same requirements. You can change your mind and switch.
web-service-lead-ended = This offering has ended. You can no longer choose a provider here. The municipality is responsible for your help.
web-facts = In short
web-fact-deadline = Time to choose
web-fact-default = If you do not choose
web-fact-default-municipal = The municipality’s own service helps you
web-fact-default-distribute = The municipality assigns one by a fixed rule
web-fact-switch = A switch takes
web-fact-switch-free = { $period }, no reason needed
web-fact-switch-reason = { $period }, with a reason
web-fact-start = Help starts within
web-ending-heading = This offering ends on { $date }
web-ended-heading = This offering ended on { $date }
web-closing-heading = No new providers from { $date }
web-closing-text = Those on the list can still be chosen.
web-taken-over = { $name } takes over. Those who have help today keep it until { $until }.
web-choose-between = { $count ->
     [one] One to choose
    *[other] Choose between { $count }
    }
web-only-own = No other provider has been approved yet. Until then the municipality helps you.
web-all-full = Nobody has room right now. You can still choose; ask the provider how long the wait is.
web-order-fair = The order is random and changes every day, so that nobody is always first.
web-order-name = Sorted by name.
web-sort-by-name = Sort by name
web-sort-fairly = Show in random order
web-filter = Show only those that suit you
web-filter-zone = Area
web-filter-zone-all = All areas
web-filter-language = Language
web-filter-language-all = All languages
web-filter-time = Time of day
web-filter-time-all = All times
web-filter-kind = Type of provider
web-filter-kind-all = All types
web-filter-capacity = Capacity
web-filter-capacity-all = With and without room
web-filter-capacity-free = Has room now
web-filter-button = Show
web-filter-clear = Show all
web-filter-found = Showing { $count } of { $all }.
web-filter-none = Nobody on the list matches everything you chose. Remove a choice, or show all.
web-kind = { $kind ->
     [commercial] Private provider
     [non-profit] Non-profit provider
    *[other] Municipal provider
    }
web-own-offer = The municipality’s own service
web-capacity = { $state ->
     [open] Has room
     [limited] Limited room
     [full] Full now
    *[other] Room not stated
    }
web-capacity-on = since { $date }
web-time-of-day = { $time ->
     [day] day
     [evening] evening
     [night] night
    *[other] weekend
    }
web-continuity = Who comes to you
web-starts-within = Starts within
web-times = Times
web-area = Area
web-whole-area = All areas
web-competence = Special competence
web-opening-hours = Office answers
web-phone = Telephone
web-web-page = Web page
web-add-ons = Extras you pay for yourself
web-add-ons-note = No part of the municipal service. You need not buy any of it.
web-available-until = Can be chosen until { $date }
web-confirmed = Confirmed { $date }
web-stale = Not confirmed since { $date}. Ask whether this still holds.
web-how-heading = How it works
web-about-service = What the service is
web-how-to-choose = How do I choose?
web-without-choice = What if I do not choose?
web-without-choice-municipal = Then the municipality’s own service helps you. You can switch later.
web-without-choice-distribute = Then the municipality chooses for you by a fixed rule. You can switch later.
web-deadline-text = You have { $period } from the day you get the decision.
web-how-to-switch = How do I switch?
web-switch-time = A switch takes { $period }. Your help goes on as before until then.
web-switch-free = You need not say why.
web-switch-reason = You must say why you want to switch.
web-cost = What does it cost?
web-cost-same = The municipality pays every provider the same. So they compete on being good, not on being cheap.
web-price-table = What the municipality pays the provider
web-price-what = For what
web-price-amount = Price
web-price-always = All times
web-price-from = From { $date }
web-unit = { $unit ->
     [hour] per hour
     [visit] per visit
     [place-day] per day and night
     [month] per month
    *[other] per school year
    }
web-complain = How do I complain?
web-contact = Who can I ask?
web-why-choice = Why can I choose?
web-why-choice-text = The municipality has decided that you should have a say in who comes to your home. It remains responsible for the help you are entitled to, and follows up the providers.
web-published = Version { $version } of the offering, published { $date }.
web-as-data = This page as data
web-provider-description = Where { $name } is approved as a provider of health and care services, and where it was.
web-organisation-number = Organisation number
web-profile-confirmed = Last confirmed by the provider
web-spoken = Languages
web-approved-here = Approved here
web-approved-nowhere = The provider is not approved anywhere now.
web-approved-formerly = Former and coming
web-service-in = { $service } in { $municipality }
web-approval-title = The approval of { $provider } in { $municipality }
web-approval-description = Whether the approval of { $provider } in { $municipality } is in force, and since when.
web-approval-heading = Approval
web-status-short = { $status ->
     [active] In force
     [ending] In force, but ending
     [pending-contract] Not in force yet
     [revoked] Revoked
     [expired] Expired
    *[other] Ended
    }
web-in-force-on = Yes, the approval is in force on { $date }
web-not-in-force-on = No, the approval is not in force on { $date }
web-granted = Decision to approve
web-contract-from = Contract from
web-contract-to = Contract until
web-last-day = Last day
web-revoked-from = Revoked from
web-grounds = Grounds
web-gap = Was revoked from { $from } to { $to }; that was undone later.
web-taken-away-on-appeal = The approval was taken away on an appeal.
web-taken-over-by = Taken over by
web-decision-number = Decision number
web-approval-number = Approval number
web-provider = Provider
web-service = Service
web-who-to-ask = Questions about the approval
web-another-day = Was it in force on another day?
web-day-label = Day
web-day-hint = Write year, month and day, such as 2026-03-12. The answer is for the end of the day.
web-day-button = Check the day
web-day-today = Check today
web-day-wrong = Write a past day or today as year, month and day: 2026-03-12.
web-error-prefix = Error:
web-approval-unknown-then = The registry did not have this approval on that day.
web-not-found = Page not found
web-not-found-text = The address may be mistyped, or the page may have moved.
web-no-municipality = Municipality not found
web-no-service = This service cannot be chosen in { $municipality }
web-no-service-text = { $municipality } has not published this service with free choice. Ask the municipality about the help you need.
web-there-instead = What you can choose in { $municipality }
web-no-provider = Provider not found
web-no-provider-text = No provider in the registry has this organisation number. Check the spelling.
web-no-approval = Approval not found
web-no-approval-text = The registry has no approval with this number. Do not assume that the provider is approved; ask the municipality.
web-approval-removed = The approval was removed from the registry on { $date }. Ask the municipality.
web-approval-of = The approval of { $provider }
web-print-link = All of them on paper
web-form-link = Switch form on paper
web-large-link = In large print
web-normal-link = In normal print
web-print-hint = Print this page from your browser.
web-brochure-title = { $service } in { $municipality } – on paper
web-printed-on = As of { $date }. The latest is at { $url }
web-switch-form-title = Form for switching provider
web-switch-form-page = Switch form: { $service } in { $municipality }
web-switch-form-lead = Fill in the form by hand, and send it or give it to the municipality. The registry stores nothing about you.
web-form-about-you = About you
web-form-name = Name
web-form-born = Date of birth
web-form-address = Address
web-form-phone = Telephone
web-form-helper = Filled in by (if not you)
web-form-now = Your present provider
web-form-wanted = The provider you want. Tick one.
web-form-from = I want to switch from (date)
web-form-reason = Why I want to switch
web-form-signature = Place, date and signature
web-form-send = Send or give the form to
web-privacy = Privacy
web-privacy-description = What the registry stores about those who read the pages, and about those who have a case.
web-privacy-lead = You can read everything here without telling who you are.
web-privacy-readers = When you read the pages
web-privacy-readers-text = The pages set no cookies, run no scripts and fetch nothing from other sites. The registry counts how many read each kind of page, but does not write down who. Your network address (IP address) is only in memory while the registry makes sure that nobody sends too many requests. Whoever runs the registry may have a web server in front that keeps a log of its own.
web-privacy-choice = When you choose or switch
web-privacy-choice-text = The registry does not know whom you choose. You tell the municipality, which handles your choice by its own rules.
web-privacy-public = What is public
web-privacy-public-text = Public are the offerings of municipalities, the profiles of providers, who is approved, and the outcome of decisions. Applications, attachments, assessments and reasons are for the parties of the case only.
web-accessibility = Accessibility
web-accessibility-description = How the pages are made so that everyone can use them, and what was tested.
web-accessibility-lead = Everyone should be able to use the pages: with a screen reader, with a keyboard, in large print and on paper.
web-accessibility-tested = What was tested
web-accessibility-tested-text = Each page is tested automatically against WCAG 2.2 levels A and AA with axe, in both written forms of Norwegian, on small and large screens, in light and dark. The HTML is validated, the pages work without JavaScript, and the way from the front page to a provider was tested with the keyboard alone.
web-accessibility-not-tested = What was not tested
web-accessibility-not-tested-text = Automatic tests do not find everything. The pages were not tested with users or with every screen reader. The documentation for developers below /docs/ uses a tool of others and is not part of the tests.
web-accessibility-fault = Found a fault?
web-accessibility-fault-text = Tell the municipality whose page it is; its contact is at the end of the page of the service. Municipalities and providers write the texts about what they offer.
web-see-providers = See the list
web-embed-title = { $service } in { $municipality } – the list
web-embed-more = How to choose and switch
web-embed-summary = Show the list on another site
web-embed-text = Paste this into the page. The list is always the latest.
