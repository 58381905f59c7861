# Titles of actions, by their operation in the OpenAPI document.
followUpPlan = Plan a follow-up
followUpReport = Report the follow-up
followUpCorrect = Report that the deviation is corrected
followUpAssess = Assess the correction
followUpClose = Close the follow-up
appealAskToMend = Ask the appellant to correct the appeal
appealMend = Correct the appeal
appealAdmit = Admit the appeal
appealReview = Record the review
appealForward = Send the appeal to the appeal body
appealDismiss = Dismiss the appeal
appealDecide = Decide the appeal
appealWithdraw = Withdraw the appeal
appealClaimCosts = Claim costs
appealDecideCosts = Decide the claim for costs
