# Words that other texts use.
date = { $iso }
municipality-number = { $name } in { $county } is { $number }
or = or
verbatim = { $text }
problems-page = Codes of problems
problems-page-intro = Every answer with an error has one of these codes. A code never changes its meaning.
problems-page-code = Code
problems-page-status = Status
problems-page-meaning = Meaning
