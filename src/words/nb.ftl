# Titler på handlinger, etter operasjonen i OpenAPI-dokumentet.
followUpPlan = Planlegg oppfølging
followUpReport = Rapporter oppfølgingen
followUpCorrect = Meld at avviket er rettet
followUpAssess = Vurder rettingen
followUpClose = Avslutt oppfølgingen
appealAskToMend = Be klageren rette mangler
appealMend = Rett mangler i klagen
appealAdmit = Ta klagen til behandling
appealReview = Registrer undersøkelsen
appealForward = Send klagen til klageinstansen
appealDismiss = Avvis klagen
appealDecide = Avgjør klagen
appealWithdraw = Trekk klagen
appealClaimCosts = Krev dekning av sakskostnader
appealDecideCosts = Avgjør kravet om sakskostnader
