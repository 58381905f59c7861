# Titlar på handlingar, etter operasjonen i OpenAPI-dokumentet.
followUpPlan = Planlegg oppfølging
followUpReport = Rapporter oppfølginga
followUpCorrect = Meld at avviket er retta
followUpAssess = Vurder rettinga
followUpClose = Avslutt oppfølginga
appealAskToMend = Be klagaren rette manglar
appealMend = Rett manglar i klaga
appealAdmit = Ta klaga til handsaming
appealReview = Registrer undersøkinga
appealForward = Send klaga til klageinstansen
appealDismiss = Avvis klaga
appealDecide = Avgjer klaga
appealWithdraw = Trekk klaga
appealClaimCosts = Krev dekning av sakskostnader
appealDecideCosts = Avgjer kravet om sakskostnader
