"""Made-up news of wire length, for measuring: some 180 words, one to three incidents, quoted people, a claim now and then.

What is written here never happened. Every third document tells an incident that an earlier one told, by another paper and in other
words; one in forty is nearly the same text as one before. Names of people repeat as they do in the news: a few are named often, most once.
"""

import datetime
import json
import random

TOWNS = [
    ("Peshawar", "Khyber Pakhtunkhwa", "Pakistan"), ("Quetta", "Balochistan", "Pakistan"), ("Karachi", "Sindh", "Pakistan"), ("Bannu", "Khyber Pakhtunkhwa", "Pakistan"),
    ("Lahore", "Punjab", "Pakistan"), ("Multan", "Punjab", "Pakistan"), ("Kabul", "Kabul", "Afghanistan"), ("Kandahar", "Kandahar", "Afghanistan"),
    ("Herat", "Herat", "Afghanistan"), ("Kunduz", "Kunduz", "Afghanistan"), ("Jalalabad", "Nangarhar", "Afghanistan"), ("Srinagar", "Jammu and Kashmir", "India"),
    ("Imphal", "Manipur", "India"), ("Guwahati", "Assam", "India"), ("Baghdad", "Baghdad", "Iraq"), ("Mosul", "Nineveh", "Iraq"), ("Kirkuk", "Kirkuk", "Iraq"),
    ("Maiduguri", "Borno", "Nigeria"), ("Damaturu", "Yobe", "Nigeria"), ("Mogadishu", "Banaadir", "Somalia"), ("Baidoa", "Bay", "Somalia"), ("Gao", "Gao", "Mali"),
    ("Djibo", "Sahel", "Burkina Faso"), ("Ouahigouya", "Nord", "Burkina Faso"), ("Medellín", "Antioquia", "Colombia"), ("Cali", "Valle del Cauca", "Colombia"),
    ("Ayacucho", "Ayacucho", "Peru"), ("Davao", "Davao Region", "Philippines"), ("Cotabato", "Bangsamoro", "Philippines"), ("Aden", "Aden", "Yemen"),
    ("Taiz", "Taiz", "Yemen"), ("Aleppo", "Aleppo", "Syria"), ("Goma", "North Kivu", "Democratic Republic of the Congo"), ("Bunia", "Ituri", "Democratic Republic of the Congo"),
]
FIRST = (
    "Ahmed Ali Omar Hassan Noor Gul Zia Rashid Tariq Imran Bilal Usman Yusuf Salman Karim Aslam Javed Nadeem Farooq Hamid Jamal Khalid Latif Mansoor Naveed Qasim Rafiq "
    "Saeed Tahir Wali Zahid Anwar Bashir Daud Ehsan Faisal Ghulam Haroon Ibrahim Junaid Carlos Juan Luis Pedro Rosa Ana Maria Samuel Joseph Grace Aisha Fatima Zainab"
).split()
LAST = (
    "Afridi Mehsud Wazir Bugti Marri Khattak Durrani Barakzai Shinwari Orakzai Yousafzai Popalzai Karimi Rahimi Ahmadi Hussaini Noori Safi Stanikzai Zadran Baloch Mengal Raisani "
    "Chaudhry Malik Qureshi Siddiqui Ansari Gillani Sharma Singh Barua Devi Okafor Bello Musa Abubakar Sani Diallo Traore Keita Ouedraogo Gomez Lopez Ramirez Quispe Mamani Santos "
    "Mendoza Reyes Abdi Warsame Farah Jama al-Jubouri al-Dulaimi al-Hakimi Kambale Mumbere Khan Shah"
).split()
GROUPS = [
    "Lashkar-e-Khayal", "Jaish-e-Mauj", "Harakat al-Wahm", "the Free Highlands Front", "the Eastern River Army", "the Red Orchard Brigade", "the National Dawn Movement",
    "Tehreek-e-Sahil", "the People's Salt Front", "the Valley Defence Force", "Katibat al-Sarab", "the United Plains Council",
]
PAPERS = ["Invented Wire", "Daily Meridian", "The Morning Ledger", "Border Post", "The Evening Courier", "Highland Gazette", "Radio Sahil", "The Capital Record"]
VICTIMS = ["policemen", "soldiers", "civilians", "labourers", "shopkeepers", "tribal elders", "security guards", "schoolteachers", "truck drivers", "worshippers", "polio workers"]
SITES = ["a crowded bazaar", "a police checkpoint", "a roadside hotel", "a mosque", "a bus stand", "a girls' school", "an army convoy", "a courthouse", "a cattle market"]
OFFICES = ["police chief", "provincial spokesman", "deputy commissioner", "hospital director", "army spokesman", "interior minister", "district governor"]
LEADS = [
    ("A suicide bomber blew himself up at {site} in {town} on {weekday}, killing at least {killed} people and wounding {hurt} others, officials said."),
    ("At least {killed} {victims} were killed and {hurt} wounded when a bomb went off near {site} in {town} on {weekday}, police said."),
    ("Gunmen on motorcycles opened fire on {victims} near {site} in {town} on {weekday}, killing {killed} of them and injuring {hurt}, witnesses said."),
    ("Militants ambushed a convoy outside {town} in {province} province on {weekday}, killing {killed} {victims}, the authorities said. {hurt} others were hurt."),
    ("Unidentified gunmen kidnapped {killed} {victims} from {site} in {town} on {weekday}, a senior official said."),
    ("A roadside bomb struck a vehicle on the outskirts of {town} on {weekday}, leaving {killed} {victims} dead and {hurt} injured."),
]
AGAIN = [
    ("The death toll of {weekday}'s attack at {site} in {town} rose to {killed} on {later}, hospital sources said. {hurt} people remained under treatment."),
    ("{victims} in {town} buried {killed} of their own on {later}, a day after the attack at {site} that also wounded {hurt}."),
]
DETAILS = [
    "The blast shattered the windows of {n} {building} and set {few} {vehicle} ablaze, {name} said.",
    "Rescue workers moved {n} people to {place} hospital, where {name}, a {job}, declared an emergency.",
    "The assailants fled on {vehicle} toward {place} before {name}'s unit arrived some {n} minutes later.",
    "Security forces cordoned off {n} {building} and searched {place} until {hour}.",
    "The road to {place} was closed for {few} hours while {n} officers combed the {building}.",
    "{building} around {place} stayed closed and {n} mourners led by {name} gathered at the morgue.",
    "The victims were on {vehicle} from {place}, where {name}, a {job}, had held a feast for {n} guests.",
    "A {job} named {name} counted {n} holes in the walls of the {building} near {place}.",
    "{few} {vehicle} and {n} {building} burned down in {place}, a {job} there said.",
]
QUOTES = [
    "“{text},” {name}, the {office} of {town}, told reporters.",
    "“{text},” said {name}, the {office}.",
    "{name}, a {office} in {town}, said that {lower}.",
]
SAID = [
    "We have found {few} {vehicle} that were used", "The attackers had been watching the {building} for {n} days", "Those who planned this in {place} will be brought to justice",
    "Of the wounded {few} are in critical condition at {place}", "We are still collecting evidence from {n} {building}", "Our forces repelled {n} attackers after a gun battle of {few} hours",
]
BUILDINGS = "houses shops warehouses offices stalls classrooms workshops garages clinics barracks bakeries mills".split()
VEHICLES = "motorcycles pickups lorries minibuses rickshaws bicycles tractors vans jeeps taxis horses boats".split()
JOBS = "doctor farmer driver tailor teacher baker clerk nurse butcher student carpenter priest".split()
HOURS = ["dawn", "noon", "dusk", "midnight", "sunrise", "the evening", "the next morning"]
FEW = ["two", "three", "four", "five", "six", "seven"]
CLAIMS = [
    "{group} claimed responsibility for the attack in a statement sent to journalists.",
    "No group claimed responsibility, but the police blamed {group}.",
    "A spokesman for {group}, {name}, denied that its fighters were involved.",
    "Nobody has claimed responsibility so far.",
]
BACKGROUND = [
    "In {month} {year}, {n} people were killed when gunmen stormed a market in {town}.",
    "Attacks in {province} have increased by {n} percent this year, according to a monitoring group.",
    "{group}, which broke away from a larger movement in {year}, is led by {name}.",
    "Last month {n} {victims} died in a similar bombing in {town}.",
]
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()


class Newsroom:
    """Makes documents one after the other; equal seeds give equal documents."""

    def __init__(self, seed=1):
        self.pick = random.Random(seed)
        self.seed = seed
        self.known = [self._name() for _ in range(1500)]
        self.recent = []
        self.last = None
        self.n = 0

    def _name(self):
        return " ".join([*self.pick.sample(FIRST, self.pick.choice((1, 1, 2))), self.pick.choice(LAST)])

    def _person(self):
        # The square makes the first of the known ones frequent.
        return self.known[int(self.pick.random() ** 2 * len(self.known))] if self.pick.random() < 0.6 else self._name()

    def _slots(self):
        pick = self.pick
        return {
            "n": pick.randint(8, 400), "few": pick.choice(FEW), "building": pick.choice(BUILDINGS), "vehicle": pick.choice(VEHICLES), "job": pick.choice(JOBS),
            "hour": pick.choice(HOURS), "name": self._person(), "place": pick.choice(LAST) + pick.choice(("abad", "pur", " Kalay", " Camp", " Bridge", " Gate")),
        }

    def _event(self):
        pick = self.pick
        town, province, country = pick.choice(TOWNS)
        return {
            "town": town, "province": province, "country": country, "day": datetime.date(2004, 1, 1) + datetime.timedelta(days=pick.randrange(7300)),
            "site": pick.choice(SITES), "killed": pick.randint(2, 60), "hurt": pick.randint(1, 90), "victims": pick.choice(VICTIMS), "group": pick.choice(GROUPS),
            "lead": pick.choice(LEADS),
        }

    def document(self):
        self.n += 1
        if self.last and self.pick.random() < 0.025:
            return {**self.last, "id": f"made-up-{self.seed}-{self.n}", "text": f"{self.last['text']} (Agencies, {self.n})", "source": self.pick.choice(PAPERS)}
        self.last = self._news()
        return self.last

    def _news(self):
        pick = self.pick
        again = bool(self.recent) and pick.random() < 0.33
        event = pick.choice(self.recent) if again else self._event()
        if not again:
            self.recent = [*self.recent[-400:], event]
        fill = {k: v for k, v in event.items() if isinstance(v, (str, int))}
        day = event["day"]
        published = day + datetime.timedelta(days=2 if again and pick.random() < 0.5 else 1)
        fill |= {"weekday": DAYS[day.weekday()], "later": DAYS[(day.weekday() + 1) % 7]}
        lead = pick.choice(AGAIN) if published > day + datetime.timedelta(days=1) else event["lead"]
        first = lead.format(**fill)
        sentences = [f"{event['town'].upper()}, {event['country']} ({published.strftime('%b')} {published.day}) – {first[0].upper()}{first[1:]}"]
        sentences += [self._start(detail.format(**self._slots())) for detail in pick.sample(DETAILS, 3)]
        for _ in range(2):
            text = pick.choice(SAID).format(**self._slots())
            sentences.append(pick.choice(QUOTES).format(text=text, lower=text[0].lower() + text[1:], name=self._person(), office=pick.choice(OFFICES), town=event["town"]))
        sentences.append(self._start(pick.choice(CLAIMS).format(group=event["group"], name=self._person())))
        for template in pick.sample(BACKGROUND, 2):
            other = pick.choice(TOWNS)
            told = template.format(
                month=pick.choice(MONTHS), year=day.year - pick.randint(1, 5), n=pick.randint(3, 80), town=other[0], province=other[1], victims=pick.choice(VICTIMS),
                group=pick.choice(GROUPS), name=self._person(),
            )
            sentences.append(self._start(told))
        sentences.append(f"The inquiry has the file number {self.seed}-{self.n}, an official who asked not to be named said.")
        title = f"{event['killed']} {event['victims']} hit in {event['town']}"
        return {
            "id": f"made-up-{self.seed}-{self.n}", "title": title, "text": "\n\n".join([" ".join(sentences[:3]), " ".join(sentences[3:7]), " ".join(sentences[7:])]),
            "published": published.isoformat(), "source": pick.choice(PAPERS),
        }

    @staticmethod
    def _start(sentence):
        return sentence[0].upper() + sentence[1:]


def write(path, n, newsroom):
    """Writes `n` documents as NDJSON; gives the bytes of their texts."""
    size = 0
    with open(path, "w", encoding="utf-8") as out:
        for _ in range(n):
            document = newsroom.document()
            size += len(document["text"].encode())
            out.write(json.dumps(document, ensure_ascii=False) + "\n")
    return size
