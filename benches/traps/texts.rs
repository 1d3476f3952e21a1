//! The trap texts: each is one thing over and over, such as a pass that looks back or ahead too far would take more than linear time for.

/// A text of about so many bytes.
pub type Text = fn(usize) -> String;

/// A report in one sentence.
const REPORT: &str = "Gunmen killed three policemen in Peshawar on Monday, officials said. ";

const FIRST_NAMES: &[&str] =
    &["Ahmed", "Ali", "Khan", "Omar", "Hassan", "Malik", "Noor", "Gul", "Zia", "Rashid", "Tariq", "Imran", "Bilal", "Usman", "Yusuf", "Salman"];
const LAST_NAMES: &[&str] = &["Afridi", "Mehsud", "Wazir", "Bugti", "Marri", "Khattak", "Yousafzai", "Durrani", "Barakzai", "Haqqani", "Shinwari", "Orakzai"];
const TOWNS: &[&str] = &[
    "Peshawar", "Quetta", "Karachi", "Lahore", "Kabul", "Kandahar", "Herat", "Kunduz", "Swat", "Kohat", "Bannu", "Hangu", "Tank", "Multan", "Sukkur", "Delhi",
    "Mumbai", "Srinagar",
];
const MONTHS: &[&str] = &["January", "February", "March", "April", "May", "June"];

/// All of them by name, in groups of one theme.
pub const TRAPS: &[(&str, Text)] = &[
    // brackets
    ("open brackets", |n| repeat("(", n)),
    ("three kinds of brackets", |n| repeat("([{<", n)),
    ("open brackets with words", |n| repeat("(a ", n)),
    ("closed brackets", |n| repeat("(a) ", n)),
    ("brackets nested", |n| repeat("(", n / 2) + &repeat(")", n / 2)),
    ("brackets nested with words", |n| repeat("(x ", n * 3 / 5) + &repeat(") ", n * 2 / 5)),
    // lists and small words
    ("and and", |n| repeat("and ", n)),
    ("of of", |n| repeat("of ", n)),
    ("the the", |n| repeat("the ", n)),
    ("commas", |n| repeat(",", n)),
    ("letters and commas", |n| repeat("a, ", n)),
    ("list of people", |n| choose(&["militants, ", "police, ", "soldiers, ", "civilians, "], n)),
    ("semicolons", |n| repeat("x; ", n)),
    ("in in", |n| repeat("in ", n)),
    ("if if", |n| repeat("if ", n)),
    ("not not", |n| repeat("not ", n)),
    ("who who", |n| repeat("who ", n)),
    // quotation marks
    ("quotation marks", |n| repeat("\"", n)),
    ("quoted letters", |n| repeat("\"a\" ", n)),
    ("opening marks", |n| repeat("“a ", n)),
    ("closing marks", |n| repeat("”a ", n)),
    ("marks nested", |n| repeat("“‘", n)),
    ("apostrophes", |n| repeat("'a ", n)),
    ("possessives", |n| repeat("Khan’s ", n)),
    ("quotations", |n| repeat("“We did it,” he said. ", n)),
    ("quotations in one sentence", |n| repeat("“We did it,” said Khan, “and we did it,” ", n)),
    // long words and odd characters
    ("one small letter", |n| repeat("a", n)),
    ("one capital letter", |n| repeat("A", n)),
    ("one digit", |n| repeat("1", n)),
    ("digits and commas", |n| repeat("1,", n)),
    ("letters and hyphens", |n| repeat("a-", n)),
    ("names and hyphens", |n| repeat("Al-", n)),
    ("hyphens", |n| repeat("-", n)),
    ("dots", |n| repeat(".", n)),
    ("letters and dots", |n| repeat("a.", n)),
    ("U.S. U.S.", |n| repeat("U.S. ", n)),
    ("Mr. Mr.", |n| repeat("Mr. ", n)),
    ("slashes", |n| repeat("a/", n)),
    ("underscores", |n| repeat("_", n)),
    ("line ends", |n| repeat("\n", n)),
    ("short paragraphs", |n| repeat("a\n\n", n)),
    ("spaces", |n| repeat(" ", n)),
    ("tabs and hard spaces", |n| repeat("\t\u{a0}", n)),
    ("zero-width joiners", |n| repeat("a\u{200d}", n)),
    ("combining marks on one letter", |n| "a".to_owned() + &repeat("\u{301}", n)),
    ("letters with two marks", |n| repeat("e\u{301}\u{323} ", n)),
    ("right-to-left marks", |n| repeat("a\u{202e}", n)),
    ("full-width digits", |n| repeat("１２３ ", n)),
    ("joined emoji", |n| repeat("👩‍👩‍👧‍👦", n)),
    ("markup", |n| repeat("<b>", n)),
    ("addresses of pages", |n| repeat("http://a.b/c ", n)),
    ("addresses of mail", |n| repeat("a@b.co ", n)),
    ("Urdu", |n| repeat("پشاور میں دھماکہ ", n)),
    // reports
    ("one report", |n| repeat(REPORT, n)),
    ("reports in one sentence", |n| repeat(&REPORT.replace('.', ","), n)),
    ("reports without spaces", |n| repeat(&REPORT.replace(' ', ""), n)),
    ("reports of many towns", |n| pieces(n, |r, _| report_of(r.of(TOWNS), r.below(28) + 1, "March", r.below(31) + 1990, r.below(89) + 2))),
    ("reports of many days", |n| pieces(n, |r, i| report_of("Peshawar", 1 + i % 28, MONTHS[i / 28 % MONTHS.len()], 1950 + i / 168 % 900, r.below(89) + 2))),
    ("the attack", |n| repeat("The attack killed 3. ", n)),
    ("another attack", |n| repeat("Another attack in Peshawar killed 3 people. ", n)),
    ("attacks by weekday", |n| repeat("A bomb exploded on Monday. Gunmen attacked on Tuesday. ", n)),
    ("reports in capitals", |n| repeat(&REPORT.to_uppercase(), n)),
    ("reports in title case", |n| repeat("Gunmen Killed Three Policemen In Peshawar On Monday, Officials Said. ", n)),
    // verbs
    ("killed killed", |n| repeat("killed ", n)),
    ("bomb bomb", |n| repeat("bomb ", n)),
    ("said said", |n| repeat("said ", n)),
    ("blamed blamed", |n| repeat("blamed ", n)),
    ("attack by attack by", |n| repeat("attack by ", n)),
    ("killed and wounded and", |n| repeat("killed and wounded and ", n)),
    ("the man who killed the man who", |n| repeat("the man who killed ", n)),
    ("he said that he said that", |n| repeat("he said that ", n)),
    ("verbs joined by and", |n| repeat("militants killed police and ", n)),
    ("verbs without a joint", |n| repeat("police killed militants killed ", n)),
    ("which killed which", |n| repeat("the attack which killed the police which ", n)),
    ("killed by killed by", |n| repeat("killed by police by militants by ", n)),
    // places
    ("in Peshawar in Quetta", |n| pieces(n, |r, _| format!("in {} ", r.of(TOWNS)))),
    ("list of towns", |n| pieces(n, |r, _| format!("{} ", r.of(TOWNS)))),
    ("list of towns with commas", |n| pieces(n, |r, _| format!("{}, ", r.of(TOWNS)))),
    ("one town", |n| repeat("Peshawar ", n)),
    ("village of district of", |n| repeat("village of Peshawar district of ", n)),
    // names
    ("list of names", |n| pieces(n, |r, _| format!("{} {} ", r.of(FIRST_NAMES), r.of(LAST_NAMES)))),
    ("speakers", |n| pieces(n, |r, _| format!("{} {} said so. ", r.of(FIRST_NAMES), r.of(LAST_NAMES)))),
    ("speakers, all different", |n| pieces(n, |r, i| format!("{} {} said so. ", r.of(FIRST_NAMES), made_up_name(i)))),
    ("names with numbers", |n| pieces(n, |r, i| format!("{}{i} {}{i} ", r.of(FIRST_NAMES), r.of(LAST_NAMES)))),
    ("Mullah Mullah", |n| repeat("Mullah ", n)),
    ("Commander Khan", |n| repeat("Commander Khan ", n)),
    ("Great National", |n| repeat("Great National ", n)),
    ("one long name", |n| choose(&["Front ", "Army ", "Party ", "National ", "Liberation "], n)),
    ("Front of the Army of", |n| repeat("Front of the Army of the ", n)),
    ("a group and its acronym", |n| repeat("Tehreek-i-Taliban Pakistan (TTP) ", n)),
    ("many acronyms", |n| pieces(n, |_, i| format!("Group {acronym} ({acronym}) ", acronym = acronym(i)))),
    ("he he", |n| repeat("he ", n)),
    ("he and they", |n| repeat("He said so. They denied it. ", n)),
    ("a name and he", |n| repeat("Ahmed Khan said so. He denied it. ", n)),
    ("the group", |n| repeat("The TTP did it. The group said so. ", n)),
    // dates
    ("dates", |n| pieces(n, |r, _| format!("{} March {} ", r.below(28) + 1, r.below(31) + 1990))),
    ("one date with commas", |n| repeat("3 March 2011, ", n)),
    ("weekdays", |n| repeat("Monday ", n)),
    ("last last", |n| repeat("last ", n)),
    ("the day after the day after", |n| repeat("the day after ", n)),
    ("days ago", |n| repeat("two days ago ", n)),
    ("dates with slashes", |n| repeat("1/2/2011 ", n)),
    ("years", |n| repeat("2011 ", n)),
    ("between and", |n| repeat("between 2001 and 2002 ", n)),
    // numbers
    ("numbers", |n| pieces(n, |r, _| format!("{} ", r.below(100_000)))),
    ("two two", |n| repeat("two ", n)),
    ("hundred hundred", |n| repeat("hundred ", n)),
    ("hundred and", |n| repeat("hundred and ", n)),
    ("thousand million", |n| repeat("thousand million ", n)),
    ("tolls with commas", |n| repeat("3 killed, 4 wounded, ", n)),
    ("including including", |n| repeat("5 people including 3 women including ", n)),
    ("tolls in one sentence", |n| repeat("killed 3 people and wounded 4 and ", n)),
    ("percentages", |n| repeat("50% increase in attacks ", n)),
    // statements and relations
    ("claims", |n| repeat("The TTP claimed the attack. ", n)),
    ("denials", |n| repeat("The TTP denied it killed them. ", n)),
    ("statements on one attack", |n| repeat("Khan said the attack in Peshawar killed 3. ", n)),
    ("relations", |n| repeat("The TTP, an ally of al-Qaeda, split from the Haqqani network. ", n)),
    // layout
    ("fields", |n| repeat("a: b\n", n)),
    ("datelines", |n| repeat("PESHAWAR: ", n)),
    ("bullets", |n| repeat("- Gunmen killed 3\n", n)),
    ("table", |n| repeat("| 3 | killed ", n)),
    ("headings", |n| repeat("# Attack\n\n", n)),
    // noise
    ("small letters at random", |n| noise(n, |r| r.letter_or_space('a'))),
    ("capital letters at random", |n| noise(n, |r| r.letter_or_space('A'))),
    ("characters at random", |n| noise(n, |r| char::from(33 + r.below(94) as u8))),
    ("all of Unicode at random", |n| noise(n, |r| char::from_u32(0x20 + r.below(0xd7e0) as u32).unwrap_or(' '))),
    // what grew with the square of the text elsewhere
    ("claimants, all different", |n| pieces(n, |_, i| format!("The {} Army claimed the attack. ", made_up_name(i)))),
    ("groups, all different", |n| pieces(n, |_, i| format!("The {} Front split from the {} Army. ", made_up_name(i), made_up_name(i + 1)))),
    ("groups nested", |n| repeat("a number of ", n)),
    ("the attacks claimed", |n| repeat("Gunmen attacked a post in Kabul. The TTP claimed the attacks. ", n)),
    ("list of towns attacked", |n| pieces(n, |r, i| if i == 0 { "Gunmen killed three men in ".to_owned() } else { format!("{}, ", r.of(TOWNS)) })),
    ("its and a group", |n| repeat("its TTP ", n)),
    ("bombs and rockets", |n| repeat("a bomb exploded and a rocket exploded and ", n)),
    ("towns that no list has", |n| pieces(n, |_, i| format!("Gunmen killed three men in {}. ", made_up_name(i)))),
];

/// A unit over and over, in whole units.
fn repeat(unit: &str, n: usize) -> String {
    unit.repeat(n / unit.len())
}

/// Pieces one after the other, each made from chance and its number.
fn pieces(n: usize, piece: impl Fn(&mut Random, usize) -> String) -> String {
    let (mut text, mut random) = (String::with_capacity(n + 100), Random(4));
    for i in 0.. {
        text += &piece(&mut random, i);
        if text.len() >= n {
            break;
        }
    }
    text
}

/// Some of these in no order.
fn choose(units: &[&str], n: usize) -> String {
    pieces(n, |r, _| r.of(units).to_owned())
}

/// Characters in no order.
fn noise(n: usize, character: impl Fn(&mut Random) -> char) -> String {
    pieces(n, |r, _| character(r).to_string())
}

fn report_of(town: &str, day: usize, month: &str, year: usize, n_killed: usize) -> String {
    format!("Gunmen killed {n_killed} policemen in {town} on {day} {month} {year}. ")
}

/// A name that no list has, another for each number up to 8,000: "Babaki", "Bebaki", …
fn made_up_name(i: usize) -> String {
    let letter = |list: &str, i: usize| list.chars().nth(i % list.len()).unwrap_or('a');
    let mut name = String::new();
    name.push(letter("BDFGHJKLMNPQRSTVWZ", i));
    name.push(letter("aeiou", i / 18));
    name.push(letter("lmnrst", i / 90));
    name.push(letter("aeiou", i / 540));
    name.push(letter("kbd", i / 2_700));
    name + "i"
}

/// Three capital letters, others for each number.
fn acronym(i: usize) -> String {
    [i, i / 26, i / 676].iter().map(|n| char::from(b'A' + (n % 26) as u8)).collect()
}

/// Numbers in no order, the same in each run (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn of<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.below(list.len())]
    }

    fn letter_or_space(&mut self, first: char) -> char {
        match self.below(27) {
            26 => ' ',
            n => char::from_u32(first as u32 + n as u32).unwrap_or(first),
        }
    }
}
