#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes assets/samples/services.csv: 40 invented services in the columns of a FINESS extract, for demonstrations and tests.

Use: python3 assets/make/services.py
Nothing in it exists but the towns: every name ends in "(fictif)", the numbers begin with 99, which is no department's, the streets are made up
and the telephone numbers are of the ranges kept for works of fiction. Pure Python, the same bytes on every run.
"""
import csv
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "samples", "services.csv")
LONG = {"CMP": "Centre médico-psychologique", "CJC": "Consultation jeunes consommateurs", "CSAPA": "Centre de soins, d’accompagnement et de prévention en addictologie",
        "CAARUD": "Centre d’accueil et d’accompagnement à la réduction des risques", "ADDICTOLOGIE": "Service hospitalier d’addictologie",
        "MDA": "Maison des adolescents", "AUTRE": "Service d’addictologie"}
AGES = {"CMP": (16, None), "CJC": (12, 25), "CSAPA": (18, None), "CAARUD": (18, None), "ADDICTOLOGIE": (18, None), "MDA": (11, 21), "AUTRE": (None, None)}
PRODUCTS = {"CMP": "", "CJC": "alcool|cannabis|tabac|écrans", "CSAPA": "alcool|cannabis|cocaïne|opioïdes|tabac", "CAARUD": "cocaïne|opioïdes|autres stimulants",
            "ADDICTOLOGIE": "alcool|médicaments|opioïdes|tabac", "MDA": "alcool|cannabis|écrans", "AUTRE": "alcool|cannabis|cocaïne"}
OPENING = {"CMP": "lun-ven 9h-18h", "CJC": "mer 14h-19h, sam 10h-13h", "CSAPA": "lun-ven 9h-19h", "CAARUD": "lun-sam 14h-20h", "ADDICTOLOGIE": "lun-ven 8h30-17h",
           "MDA": "lun-sam 10h-18h", "AUTRE": "sur rendez-vous"}
# type, name, town, postcode, department, latitude, longitude; the telephone follows the region
SERVICES = [
    ("CMP", "des Tilleuls", "Paris", "75020", "75", 48.8646, 2.3984), ("CJC", "du Canal", "Paris", "75010", "75", 48.8760, 2.3590),
    ("CAARUD", "de la Passerelle", "Saint-Denis", "93200", "93", 48.9362, 2.3574), ("MDA", "des Quatre-Vents", "Versailles", "78000", "78", 48.8049, 2.1204),
    ("CMP", "du Port", "Brest", "29200", "29", 48.3904, -4.4861), ("CJC", "des Alizés", "Rennes", "35000", "35", 48.1173, -1.6778),
    ("CSAPA", "de l’Erdre", "Nantes", "44000", "44", 47.2184, -1.5536), ("CMP", "de la Falaise", "Le Havre", "76600", "76", 49.4944, 0.1079),
    ("CSAPA", "du Beffroi", "Lille", "59000", "59", 50.6292, 3.0573), ("CAARUD", "de la Gare", "Amiens", "80000", "80", 49.8941, 2.2958),
    ("CJC", "de l’Ill", "Strasbourg", "67000", "67", 48.5734, 7.7521), ("CMP", "du Lion", "Belfort", "90000", "90", 47.6397, 6.8638),
    ("ADDICTOLOGIE", "du Clos", "Dijon", "21000", "21", 47.3220, 5.0415), ("CMP", "des Traboules", "Lyon", "69004", "69", 45.7790, 4.8270),
    ("CJC", "de l’Isère", "Grenoble", "38000", "38", 45.1885, 5.7245), ("CAARUD", "du Vieux-Phare", "Marseille", "13002", "13", 43.3020, 5.3660),
    ("MDA", "des Oliviers", "Montpellier", "34000", "34", 43.6108, 3.8767), ("CSAPA", "de la Garonne", "Toulouse", "31000", "31", 43.6047, 1.4442),
    ("CMP", "des Pins", "Bordeaux", "33000", "33", 44.8378, -0.5792), ("CJC", "du Limousin", "Limoges", "87000", "87", 45.8336, 1.2611),
    ("CSAPA", "du Volcan", "Clermont-Ferrand", "63000", "63", 45.7772, 3.0870), ("CMP", "du Maquis", "Ajaccio", "20000", "2A", 41.9192, 8.7386),
    ("CMP", "des Flamboyants", "Pointe-à-Pitre", "97110", "971", 16.2411, -61.5331), ("CSAPA", "du Lambi", "Basse-Terre", "97100", "971", 15.9958, -61.7292),
    ("CMP", "de la Savane", "Fort-de-France", "97200", "972", 14.6037, -61.0667), ("CJC", "du Rocher", "Le Marin", "97290", "972", 14.4700, -60.8700),
    ("CMP", "de la Crique", "Cayenne", "97300", "973", 4.9372, -52.3260), ("CAARUD", "du Fleuve", "Saint-Laurent-du-Maroni", "97320", "973", 5.4972, -54.0330),
    ("CMP", "des Filaos", "Saint-Denis", "97400", "974", -20.8789, 55.4481), ("CJC", "du Lagon", "Saint-Pierre", "97410", "974", -21.3393, 55.4781),
    ("MDA", "de l’Ylang", "Mamoudzou", "97600", "976", -12.7806, 45.2278), ("CMP", "des Graves", "Saint-Pierre", "97500", "975", 46.7811, -56.1764),
    ("CSAPA", "de la Frégate", "Marigot", "97150", "978", 18.0680, -63.0830), ("CMP", "du Tiaré", "Papeete", "98714", "987", -17.5390, -149.5690),
    ("CSAPA", "des Marquises", "Nuku Hiva", "98742", "987", -8.9110, -140.1000), ("CMP", "du Niaouli", "Nouméa", "98800", "988", -22.2711, 166.4380),
    ("CJC", "de la Grande-Terre", "Koné", "98860", "988", -21.0595, 164.8658), ("CMP", "du Kava", "Mata-Utu", "98600", "986", -13.2825, -176.1740),
    ("AUTRE", "du Lac", "Lausanne", "1003", "", 46.5197, 6.6323), ("AUTRE", "du Fleuve", "Montréal", "H2X 1Y4", "", 45.5089, -73.5617),
]
WEST, NORTH_EAST = {"29", "35", "44", "76", "87"}, {"59", "80", "67", "90", "21"}
SOUTH_EAST, PARIS = {"69", "38", "13", "34", "63", "2A"}, {"75", "93", "78"}


# a search for the territory finds its services
TERRITORY = {"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "975": "Saint-Pierre-et-Miquelon", "976": "Mayotte", "978": "Saint-Martin",
             "986": "Wallis-et-Futuna", "987": "Polynésie française", "988": "Nouvelle-Calédonie"}


def telephone(department, number):
    digits = f"{number % 100:02d} {(number * 37) % 100:02d}"
    if department in PARIS:
        return f"01 99 00 {digits}"
    if department in WEST:
        return f"02 61 91 {digits}"
    if department in NORTH_EAST:
        return f"03 53 01 {digits}"
    if department in SOUTH_EAST:
        return f"04 65 71 {digits}"
    if department in {"31", "33"}:
        return f"05 36 49 {digits}"
    return f"06 39 98 {digits}" if department else ""  # no range abroad is kept for fiction by the same authority


def main():
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["nofinesset", "rs", "rslongue", "type", "numvoie", "typvoie", "voie", "codepostal", "commune", "departement", "telephone", "latitude", "longitude",
                        "age_min", "age_max", "products", "opening"])
        for i, (kind, name, town, postcode, department, latitude, longitude) in enumerate(SERVICES, 1):
            short = kind if kind not in ("ADDICTOLOGIE", "AUTRE") else "Addictologie"
            low, high = AGES[kind]
            table.writerow([f"9900{i:05d}", f"{short} {name} (fictif)", f"{LONG[kind]} {name} (fictif)", kind, 3 * i, "rue", "de l’Exemple", postcode, town, f"{department} {TERRITORY[department]}" if department in TERRITORY else department,
                            telephone(department, i), latitude, longitude, "" if low is None else low, "" if high is None else high, PRODUCTS[kind], OPENING[kind]])
    print(os.path.relpath(OUT), len(SERVICES), "services")


if __name__ == "__main__":
    main()
