# Titles of actions, by their operation in the OpenAPI document.
followUpPlan = Plan a follow-up
followUpReport = Report the follow-up
followUpCorrect = Report that the deviation is corrected
followUpAssess = Assess the correction
followUpClose = Close the follow-up
