# Titlar på handlingar, etter operasjonen i OpenAPI-dokumentet.
followUpPlan = Planlegg oppfølging
followUpReport = Rapporter oppfølginga
followUpCorrect = Meld at avviket er retta
followUpAssess = Vurder rettinga
followUpClose = Avslutt oppfølginga
