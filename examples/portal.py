"""Writes a page with the providers of a service in a municipality, from one call to the registry.

python3 portal.py https://registry.example 4204 practical-help cache.json > page.html"""
import json
import sys
import urllib.error
import urllib.request
from html import escape
from pathlib import Path
from urllib.parse import quote
CAPACITY = {"open": "Har ledig plass", "limited": "Har få ledige plasser", "full": "Har ikke ledig plass"}
UNITS = {"hour": "time", "visit": "besøk", "place-day": "plass og døgn", "month": "måned", "pupil-year": "elev og år"}


def read(url: str, cache: Path) -> dict:
    """Reads the page. The cached answer serves while it is unchanged, and while the registry is unreachable."""
    cached = json.loads(cache.read_text()) if cache.exists() else {}
    known = cached.get("url") == url
    headers = {"Accept": "application/json"} | ({"If-None-Match": cached["etag"]} if known else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            cached = {"url": url, "etag": answer.headers["ETag"], "page": json.load(answer)}
            cache.write_text(json.dumps(cached))
    except urllib.error.HTTPError as error:
        if error.code != 304 and not (known and error.code >= 500):
            sys.exit("{code}: {detail}".format(**json.load(error)))
    except OSError as error:
        if not known:
            sys.exit(f"{url} cannot be reached: {error}")
    return cached["page"]


def text(local: dict, tag: str = "span") -> str:
    """An element with the text in Bokmål, Nynorsk or English, marked with its language."""
    language = next(language for language in ("nb", "nn", "en") if language in local)
    return f'<{tag} lang="{language}">{escape(local[language])}</{tag}>'


def provider(entry: dict) -> str:
    """A provider as an article with a heading, so that screen readers can list and skip them."""
    capacity, since = CAPACITY.get(entry["capacity"]["state"], "Ikke oppgitt"), entry["capacity"].get("on")
    sold = [f"{escape(it['name'])}: {it['price']['amount']} kr per {UNITS[it['unit']]}" for it in entry["addOns"]]
    facts = {
        "Ledig plass": f"{capacity} (siden {since})" if since else capacity,
        "Språk": escape(", ".join(entry["languages"])),
        "Åpningstider": text(entry["openingHours"]) if "openingHours" in entry else "",
        "Kontinuitet": text(entry["continuity"]) if "continuity" in entry else "",
        "Kan velges til og med": entry.get("availableUntil", ""),
        "Telefon": escape(entry.get("phone", "")),
        "Nettside": f'<a href="{escape(entry["web"])}">{escape(entry["name"])}</a>' if "web" in entry else "",
        "Tilleggstjenester som du betaler selv": "; ".join(sold),
        "Merk": "Ikke bekreftet på tolv måneder" if entry["stale"] else "",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    kind = "<p>Kommunens eget tilbud</p>" if entry["ownOffer"] else ""
    body = text(entry.get("text", entry["presentation"]), "p")
    return f"<li><article><h2>{escape(entry['name'])}</h2>{kind}{body}<dl>{rows}</dl></article></li>"


def render(page: dict) -> str:
    name, place = page["service"]["name"], escape(page["municipality"]["name"])
    entries = "".join(provider(entry) for entry in page["providers"])
    found = f"<ul>{entries}</ul>" if entries else "<p>Ingen leverandører kan velges nå.</p>"
    choice = text(page["choice"]["howToChoose"], "p") + text(page["choice"]["userPayment"], "p")
    prices = "".join(f"<li>{text(line['inWords'])} {escape(line.get('bandName', ''))}</li>" for line in page["compensation"])
    contact = f"Spørsmål? {escape(page['contact']['name'])}, {escape(page['contact']['email'])}"
    return f"""<!doctype html>
<html lang="nb">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(next(iter(name.values())))} i {place}</title></head>
<body><main><h1>{text(name)} i {place}</h1>{choice}<p>Leverandører du kan velge mellom:</p>{found}
<p>Kommunen betaler alle leverandører det samme:</p><ul>{prices}</ul><p>{contact}</p></main></body>
</html>"""


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    registry, municipality, service, cache = sys.argv[1:]
    print(render(read(registry.rstrip("/") + quote(f"/v1/register/{municipality}/{service}"), Path(cache))))
