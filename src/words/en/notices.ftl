# E-mail about letters that wait in the registry.
notice-subject = New letter from { $sender }: { $kind }
notice-subject-again = Reminder of a letter from { $sender }: { $kind }
notice-waits = { $sender } has sent you a letter: { $kind }. It is in Godkjent, the registry for free user choice.
notice-unopened = The letter has not been opened yet.
notice-time-limit = A time limit is running. The letter states it.
notice-log-in =
    Log in to read the letter:
    { $link }
notice-not-here = The letter itself is not in this e-mail.
notice-no-reply = This e-mail cannot be answered.
# What the letters are called.
notice-receipt = receipt for an application
notice-preliminary-answer = preliminary answer
notice-completion-request = completion of an application
notice-disclosure = information that you can comment on
notice-decision = decision
notice-reasons = reasons for a decision
notice-correction = correction of a decision
notice-extension = the time to appeal a decision
notice-appeal-received = receipt for an appeal
notice-appeal-defects = something missing in an appeal
notice-appeal-hearing = an appeal by another
notice-appeal-statement = statement on an appeal
notice-prior-notice = prior notice
notice-closed = an earlier prior notice
# Evidence that expires.
notice-evidence-subject = Notice from { $sender }: evidence expires soon
notice-evidence-subject-again = Reminder from { $sender }: evidence expires soon
notice-evidence-expires = Evidence that you have attached in a case at { $sender } expires soon.
notice-evidence-log-in =
    Log in to Godkjent, the registry for free user choice, to see which:
    { $link }
# Confirmation of an address.
notice-address-subject = Confirm the e-mail address of the organisation { $provider }
notice-address-given = The organisation with the number { $provider } has given this address for notices of letters in Godkjent, the registry for free user choice.
notice-address-confirm =
    Confirm that the address is right:
    { $link }
notice-address-unknown = If you did not ask for this, you need not do anything. The address is not used until somebody confirms it.
notice-sent-by = The sender is { $sender }.
