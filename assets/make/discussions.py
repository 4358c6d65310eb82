#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes assets/samples/discussions.csv: an invented collection of forum discussions from spring 2020.

Nothing in it was taken from a real forum: titles, forums and handles are made up. It has the figures of the founding abstract
(Martinez): about a hundred titles with a word of the epidemic, the change of consumption the most discussed theme (11), buying the most
read (141 556 views), access to substitution treatment less discussed and read but often opened by newcomers. Twenty more titles have no
such word, so that a filter has something to leave out. No title says how anything is got, made or dosed.
Use: python3 assets/make/discussions.py
"""
import csv
import datetime
import pathlib
import random
import unicodedata

FORUMS = ["Halte-Parole", "Le Fil des Quais"]
COUNTED = {"Halte-Parole": "2020-07-08", "Le Fil des Quais": "2020-07-15"}

# theme: (views of all its discussions with a word of the epidemic, how many of them newcomers opened, [(title, product named in it)])
KEPT = {
    "évolution de la consommation": (58_214, 2, [
        ("Je bois plus depuis le confinement, et vous ?", "alcool"), ("Confinement : vous consommez plus ou moins ?", ""),
        ("COVID-19 et cannabis : votre consommation a-t-elle changé ?", "cannabis"), ("Confinée et je fume deux fois plus de tabac", "tabac"),
        ("Moins de sorties, moins de verres : mon confinement", ""), ("Quarantaine : l’apéro est devenu quotidien", ""),
        ("Bilan de consommation au bout d’un mois de confinement", ""), ("Le coronavirus m’a fait tout ralentir", ""),
        ("Covid 19 : j’ai repris le tabac après six ans", "tabac"), ("Déconfinement : on garde les habitudes du printemps ?", ""),
        ("Télétravail, pandémie et cannabis dès le matin", "cannabis")]),
    "achat": (141_556, 2, [
        ("Plus rien nulle part depuis le confinement", ""), ("Les prix montent avec le coronavirus ?", ""),
        ("Confinement : ceux qui renoncent à acheter, vous tenez ?", ""), ("Arnaques pendant l’épidémie : on en parle ?", ""),
        ("COVID19 et colis en retard, la fin d’une époque ?", ""), ("Qui ose encore sortir acheter du cannabis confiné ?", "cannabis"),
        ("Épidémie et pénurie : peur de manquer", ""), ("Dé-confinement : est-ce que tout revient comme avant ?", ""),
        ("Vous avez stocké du tabac avant la quarantaine ?", "tabac")]),
    "sevrage et arrêt": (41_377, 3, [
        ("J’arrête l’alcool grâce au confinement", "alcool"), ("Sevrage seul et confiné : vos journées", ""),
        ("Jour 12 sans tabac, jour 20 de confinement", "tabac"), ("Pause forcée par le covid, je la garde ?", ""),
        ("Arrêter le cannabis en pleine pandémie", "cannabis"), ("Confinement : l’occasion d’arrêter la cocaïne", "cocaïne"),
        ("Trois semaines sans rien, merci la quarantaine", ""), ("Je craque au bout de 30 jours de confinement", ""),
        ("Coronavirus : j’ai tenu, et ensuite ?", ""), ("Sevré avant le de\u0301confinement, peur de rechuter", "")]),
    "ennui et solitude": (33_902, 3, [
        ("Confinement : que faites-vous quand l’envie arrive ?", ""), ("Seule entre quatre murs, covid oblige", ""),
        ("L’ennui du confinement me donne envie de boire", ""), ("Confinés à deux, l’un consomme et l’autre pas", ""),
        ("Quarantaine et nuits blanches", ""), ("Le silence de la ville pendant l’épidémie", ""),
        ("Jeux en ligne et confinement : je ne m’arrête plus", "jeux"), ("Apéros en visio pendant le Corona virus", ""),
        ("Occuper ses mains sans tabac pendant le confinement", "tabac"), ("Pandémie : le temps qui ne passe pas", "")]),
    "santé et virus": (52_648, 3, [
        ("Fumer du tabac et covid-19 : plus de risques ?", "tabac"), ("SARS-CoV-2 et poumons fragiles", ""),
        ("Toux du fumeur ou coronavirus ?", ""), ("Alcool et défenses naturelles face à l’épidémie", "alcool"),
        ("Covid : faut-il le dire à mon médecin ?", ""), ("Asthme, cannabis et Covid-19", "cannabis"),
        ("La nicotine et le coronavirus, que croire ?", "nicotine"), ("J’ai eu le covid, plus aucune envie de fumer", ""),
        ("Gestes barrières : on ne partage plus rien depuis l’epidemie", "")]),
    "entraide et soutien": (24_815, 2, [
        ("Fil du confinement : dites bonjour ici", ""), ("Merci à loutre.grise pour ce confinement moins seul", ""),
        ("Groupe du soir pour les confinés", ""), ("Coronavirus : qui veut parler ?", ""),
        ("Vos petites victoires de quarantaine", ""), ("Soutien aux soignants pendant l’épidémie", ""),
        ("Se donner des nouvelles, covid ou pas", ""), ("Proche d’une personne dépendante et confinée avec elle", ""),
        ("Après le déconfinement, on continue le fil ?", "")]),
    "accès aux traitements de substitution": (11_236, 5, [
        ("Ordonnance de méthadone et confinement : qui appeler ?", "méthadone"), ("Mon médecin est fermé à cause du covid", ""),
        ("Confinement : mon traitement de substitution va-t-il suivre ?", ""), ("Pharmacie et coronavirus, première fois que j’écris", ""),
        ("Buprénorphine : renouvellement pendant l’épidémie", "buprénorphine"), ("Loin de chez moi, confiné, sans mon traitement", ""),
        ("Téléconsultation pour la méthadone, covid-19", "méthadone"), ("Commencer une substitution en pleine quarantaine", "")]),
    "attestation et contrôles": (46_093, 2, [
        ("Attestation de confinement et contrôle, vos récits", ""), ("Sortir marcher pendant le confinement aide-t-il ?", ""),
        ("Amende pendant la quarantaine", ""), ("Covid : trop de contrôles dans mon quartier ?", ""),
        ("Confinement, un kilomètre et pas plus", ""), ("Peur de sortir à cause du coronavirus", ""),
        ("Contrôlé deux fois, confinement ou pas", ""), ("L’épidémie et la police, votre vécu", ""),
        ("CONFINEMENT : le rendez-vous de soin compte comme sortie ?", "")]),
    "humeur et anxiété": (29_470, 3, [
        ("Angoisse et confinement : je dors mal", ""), ("Le covid me déprime, l’alcool aussi", "alcool"),
        ("Crises d’angoisse depuis l’épidémie", ""), ("Colère confinée", ""),
        ("Coronavirus et peur de mourir", ""), ("Confinement : enfin au calme", ""),
        ("Anxiolytiques et quarantaine, on en parle ?", "anxiolytiques"), ("Pandémie mondiale, vertige total", ""),
        ("Le moral après cinquante jours de confinement", "")]),
    "structures et rendez-vous": (14_681, 2, [
        ("Quels centres restent ouverts pendant le confinement ?", ""), ("Mon groupe de parole annulé, covid-19", ""),
        ("Consultation par téléphone et confinement : votre avis", ""), ("Hospitalisation reportée à cause de l’épidémie", ""),
        ("Postcure et coronavirus", ""), ("Reprise des rendez-vous au déconfinement", ""),
        ("Maraudes pendant la quarantaine", ""), ("Covid : bénévole dans une association d’accueil", "")]),
    "retour des sorties": (38_126, 2, [
        ("Déconfinement : peur des soirées", ""), ("Premier verre en terrasse après le déconfinement", ""),
        ("11 mai, fin du confinement : vos envies", ""), ("Fêtes et covid, on attend ?", ""),
        ("Post-confinement : je ne supporte plus la foule", ""), ("Reprendre le travail déconfiné et sobre", ""),
        ("Un reconfinement à l’automne ?", ""), ("Festivals annulés, pandémie oblige", "")]),
}

# No word of the epidemic: what a search engine would have left out.
OTHER = [
    ("évolution de la consommation", "Je fume moins depuis le printemps", "tabac"), ("évolution de la consommation", "Passer de tous les jours au week-end", ""),
    ("achat", "Les prix dans ma région", ""), ("achat", "On m’a vendu n’importe quoi", ""),
    ("sevrage et arrêt", "Une semaine sans alcool", "alcool"), ("sevrage et arrêt", "Arrêter à deux", ""),
    ("sevrage et arrêt", "Mon carnet d’arrêt du tabac", "tabac"), ("ennui et solitude", "Dimanche, le pire jour", ""),
    ("ennui et solitude", "Apprendre un instrument pour tenir", ""), ("santé et virus", "Mal de gorge en hiver", ""),
    ("santé et virus", "Bilan de santé : par où commencer ?", ""), ("entraide et soutien", "Présentez-vous ici", ""),
    ("entraide et soutien", "Un livre qui vous a aidé", ""), ("accès aux traitements de substitution", "Changer de pharmacie", ""),
    ("attestation et contrôles", "Permis suspendu, et après ?", ""), ("humeur et anxiété", "Trac avant un entretien", ""),
    ("humeur et anxiété", "Dormir sans cannabis", "cannabis"), ("structures et rendez-vous", "Premier rendez-vous demain", ""),
    ("structures et rendez-vous", "Aux confins du département, aucun centre", ""), ("retour des sorties", "Mariage d’un ami sans alcool", "alcool"),
]

FIRST = ["loutre", "brume", "merle", "fougere", "galet", "tilleul", "ecume", "martre", "orage", "lichen", "sittelle", "ardoise", "bouleau", "huppe", "rivage", "argile"]
SECOND = ["grise", "du_nord", "lente", "bleue", "en_marche", "vive", "d_avril", "calme"]


def spread(total, parts, rng):
    """Whole numbers that are unlike one another, as counts of views are, and sum to the total."""
    weights = [rng.lognormvariate(0, 0.8) for _ in range(parts)]
    numbers = [max(40, int(total * w / sum(weights))) for w in weights]
    numbers[numbers.index(max(numbers))] += total - sum(numbers)
    assert sum(numbers) == total and min(numbers) > 0
    return numbers


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


# Titles that count the days since 17 March 2020.
EARLIEST = {"jour 20 de": (4, 5), "trois semaines": (4, 7), "30 jours": (4, 16), "un mois": (4, 17), "cinquante jours": (5, 6)}


def day_of(title, rng):
    """Most came in the first weeks; titles about the end of the lockdown came when it was announced."""
    for words, (month, day) in EARLIEST.items():
        if words in plain(title):
            return datetime.date(2020, month, day) + datetime.timedelta(days=rng.randrange(3))
    late = any(word in plain(title) for word in ("deconfin", "de-confin", "post-confin", "reconfin", "11 mai", "fin du confinement"))
    first = datetime.date(2020, 4, 28) if late else datetime.date(2020, 3, 16)
    return first + datetime.timedelta(days=min(int(rng.expovariate(1 / (12 if late else 20))), 46 if late else 76))


def main():
    rng = random.Random(2020)
    handles = [f"{a}.{b}" if i % 3 else f"{a}_{b}{10 + 7 * i % 90}" for i, (a, b) in enumerate((a, b) for b in SECOND for a in FIRST)]
    handles.remove("loutre_grise10")
    regulars = ["loutre.grise", *handles[:24]]
    confirmed = handles[24:40]
    newcomers = iter(handles[40:])
    rows = []

    def add(theme, title, product, views, status):
        forum = FORUMS[rng.random() < 0.45]
        author = next(newcomers) if status == "new" else rng.choice(regulars if status == "regular" else confirmed)
        rows.append([forum, title, day_of(title, rng).isoformat(), views, COUNTED[forum], theme, product, status, author])

    for theme, (total, new, titles) in KEPT.items():
        status = ["new"] * new + ["regular" if i % 5 < 3 else "confirmed" for i in range(len(titles) - new)]
        rng.shuffle(status)
        for (title, product), views, each in zip(titles, spread(total, len(titles), rng), status):
            add(theme, title, product, views, each)
    for i, (theme, title, product) in enumerate(OTHER):
        add(theme, title, product, rng.randrange(150, 5200), ["regular", "confirmed", "new", "regular"][i % 4])
    rows.sort(key=lambda row: (row[2], row[1]))
    path = pathlib.Path(__file__).resolve().parents[1] / "samples" / "discussions.csv"
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["forum", "title", "date", "views", "counted", "theme", "product", "status", "author"])
        out.writerows(rows)


if __name__ == "__main__":
    main()
