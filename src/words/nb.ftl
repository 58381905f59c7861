# Titler på handlinger, etter operasjonen i OpenAPI-dokumentet.
followUpPlan = Planlegg oppfølging
followUpReport = Rapporter oppfølgingen
followUpCorrect = Meld at avviket er rettet
followUpAssess = Vurder rettingen
followUpClose = Avslutt oppfølgingen
