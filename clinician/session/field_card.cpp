// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/field_card.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "clinician/session/nir_card.h"
#include "clinician/session/nir_session.h"
#include "device/nir/read.h"

namespace accalmie::session {
namespace {

using words::french;

constexpr std::string_view kHtmlHead = R"html(<!doctype html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{}</title>
<style>
:root {{ color-scheme: light; }}
body {{ margin: 0; background: #eef1f3; color: #16202a; font: 17px/1.5 system-ui, sans-serif; }}
main {{ position: relative; overflow: hidden; max-width: 34rem; margin: 0 auto; padding: 1.1rem 1.15rem 1.6rem; background: #fff; }}
h1 {{ font-size: 1rem; font-weight: 600; color: #4b5a66; margin: 0 0 .9rem; }}
h2 {{ font-size: 1.05rem; margin: 1.5rem 0 .4rem; }}
p {{ margin: .5rem 0; }}
ul {{ margin: .3rem 0; padding-left: 1.15rem; }}
li {{ margin: .4rem 0; }}
.verdict {{ font-size: 1.55rem; line-height: 1.25; font-weight: 700; margin: 0 0 .5rem; }}
.content {{ font-size: 1.1rem; font-weight: 600; }}
.stamp, .notice {{ border: 2px solid #8a3500; color: #8a3500; background: #fff6ee; border-radius: .4rem; padding: .35rem .7rem; font-weight: 700; }}
.notice {{ font-weight: 400; color: #4a2a10; }}
.across {{ position: absolute; left: -20%; right: -20%; text-align: center; font-size: 4.6rem; font-weight: 800; letter-spacing: .12em;
          color: rgba(138, 53, 0, .09); transform: rotate(-24deg); pointer-events: none; white-space: nowrap; }}
.advice {{ background: #e9f3fb; border-left: .3rem solid #0b5c94; padding: .2rem .9rem .5rem; border-radius: .3rem; }}
.advice h2 {{ margin-top: .7rem; }}
svg {{ display: block; width: 100%; height: auto; margin: .7rem 0 .2rem; }}
@media print {{ body {{ background: #fff; }} main {{ max-width: none; }} }}
</style>
</head>
<body>
<main>
)html";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

// The recorded interval is about four times the model's error wide; that says how many digits mean something.
words::Content content_of(const FieldCheck& check) {
    const double low = check.interval_low.value_or(0), high = check.interval_high.value_or(0);
    return {check.value.value_or(0), low, high, check.unit, (high - low) / 4};
}

bool simulated_models(const FieldCheck& check) { return std::ranges::any_of(check.judged, [](const auto& id) { return nir::trained_on_simulated(id); }); }

std::vector<std::string> limit_lines(bool simulated, bool in_french) {
    auto lines = words::limits(simulated, in_french);
    const std::string more[] = {in_french ? "Les fentanyls et les nitazènes agissent à des quantités plus petites encore\u202F: cette mesure ne peut ni les voir ni les écarter."
                                          : "Fentanyls and nitazenes act in amounts that are smaller still: this measurement can neither see them nor rule them out.",
                                in_french ? "Aucun résultat de cette mesure n’écarte un risque." : "No result of this measurement rules out a risk."};
    lines.insert(lines.begin() + (simulated ? 2 : 1), std::begin(more), std::end(more));
    return lines;
}

std::vector<std::string> advice_lines(bool in_french) {
    if (in_french)
        return {"Ne jamais consommer seul\u202F: une personne prévenue, à côté, peut appeler à l’aide.",
                "Perte de connaissance, respiration lente, douleur dans la poitrine, agitation extrême\u202F: appeler tout de suite le 112 (en France aussi le 15) et rester auprès de la personne.",
                "Les mélanges, alcool et médicaments compris, rendent les effets imprévisibles.",
                "Pour une analyse plus complète, souvent gratuite et anonyme\u202F: un service d’analyse de drogues (en France, un CAARUD).",
                "Pour en parler sans jugement, ou demander un kit de naloxone\u202F: un service d’addictologie (CSAPA), un CAARUD, un médecin, une pharmacie."};
    return {"Never use alone: somebody beside you who knows can call for help.",
            "Unconscious, breathing slowly, pain in the chest, extreme agitation: call 112 at once (in France also 15) and stay with the person.",
            "Mixtures, alcohol and medicines included, make effects unpredictable.",
            "For a fuller analysis, often free and anonymous: a drug-checking service (in France a CAARUD).",
            "To talk without judgement, or to ask for a naloxone kit: an addiction service (in France a CSAPA), a CAARUD, a doctor, a pharmacy."};
}

void explain(FieldCard& card, const FieldCheck& check, bool in_french) {
    if (check.verdict == nir::name_of(nir::Identity::identified)) {
        const std::string product = product_words(check.model, card.language);
        card.verdict = in_french ? std::format("Ressemble à\u202F: {}", product) : std::format("Looks like: {}", product);
        card.content = words::content_line(content_of(check), in_french);
        card.value = check.value;
        card.low = check.interval_low;
        card.high = check.interval_high;
        card.unit = check.unit;
        card.scale_high = content_scale(check);
        card.explanation = {in_french ? "Parmi les produits connus de l’appareil, un seul ressemble à cet échantillon. D’autres, qu’il ne connaît pas, pourraient lui ressembler."
                                      : "Of the products that the instrument knows, one alone is like this sample. Others, which it does not know, might be like it too.",
                            words::interval_meaning(in_french) + " " + words::model_line(check.model, in_french)};
        return;
    }
    if (check.verdict == nir::name_of(nir::Identity::several)) {
        card.verdict = in_french ? "Plus d’un produit est possible\u202F: pas de valeur" : "More than one product is possible: no value is given";
        card.explanation.push_back(in_french ? "Plusieurs produits connus ressemblent à cet échantillon\u202F: la mesure ne les départage pas."
                                             : "Several known products are like this sample: the measurement does not tell them apart.");
    } else if (check.verdict == nir::name_of(nir::Identity::none)) {
        card.verdict = in_french ? "Aucun des produits connus\u202F: pas de valeur" : "None of the known products: no value is given";
        card.explanation.push_back(in_french ? "L’échantillon ne ressemble à aucun des produits que l’appareil connaît\u202F: autre produit, mélange, ou teneur inhabituelle."
                                             : "The sample is like none of the products that the instrument knows: another product, a mixture, or an unusual content.");
    } else {
        card.verdict = in_french ? "Pas de résultat" : "No result";
        card.explanation.push_back(in_french ? "La mesure n’a pas abouti." : "The measurement did not succeed.");
    }
    card.explanation.push_back(words::measure_again(in_french));
}

// The bar ends at the value; the whisker is the interval, told by its ends as well as by its colour.
std::string bar_of(const FieldCard& card) {
    const auto x = [&](double value) { return 10 + 300 * std::clamp(value / card.scale_high, 0.0, 1.0); };
    std::string svg = std::format(R"(<svg viewBox="0 0 320 62" role="img" aria-label="{}">)", escaped(card.content));
    svg += R"(<rect x="10" y="12" width="300" height="20" rx="3" fill="#e3e8ec"/>)";
    svg += std::format(R"(<rect x="10" y="12" width="{:.1f}" height="20" rx="3" fill="#56b4e9"/>)", x(*card.value) - 10);
    svg += std::format(R"(<path d="M{0:.1f} 22H{1:.1f}M{0:.1f} 15v14M{1:.1f} 15v14" stroke="#16202a" stroke-width="2.5" fill="none"/>)", x(*card.low), x(*card.high));
    const auto mark = [&](double at, const char* anchor) {
        return std::format(R"(<text x="{:.1f}" y="50" font-size="13" fill="#3c4a55" text-anchor="{}">{:g} {}</text>)", x(at), anchor, at, escaped(card.unit));
    };
    return svg + mark(0, "start") + mark(card.scale_high, "end") + "</svg>\n";
}

std::string list_html(const std::vector<std::string>& lines) {
    std::string html = "<ul>\n";
    for (const auto& line : lines) html += "<li>" + escaped(line) + "</li>\n";
    return html + "</ul>\n";
}

}  // namespace

std::string product_words(std::string_view model_id, const std::string& language) {
    const std::string_view name = model_id.substr(0, model_id.find('@'));
    if (name == "simulated-tablet") return french(language) ? "comprimé simulé de référence" : "simulated reference tablet";
    if (name == "simulated-powder") return french(language) ? "poudre simulée de référence" : "simulated reference powder";
    return std::string(name);
}

std::string field_verdict_words(std::string_view recorded, const std::string& language) {
    const bool in_french = french(language);
    if (recorded == nir::name_of(nir::Identity::identified)) return in_french ? "reconnu" : "identified";
    if (recorded == nir::name_of(nir::Identity::none)) return in_french ? "aucun de ceux-ci" : "none of these";
    if (recorded == nir::name_of(nir::Identity::several)) return in_french ? "plus d’un est possible" : "more than one is possible";
    return in_french ? "pas de résultat" : "no result";
}

std::string content_words(const FieldCheck& check, const std::string& language) {
    if (!check.value || !check.interval_low || !check.interval_high) return "";
    const bool in_french = french(language);
    const auto content = content_of(check);
    const auto number = [&](double value) { return words::number(value, content.error, in_french); };
    return std::format("{}{}{} [{}{} {}]", number(content.value), in_french ? "\u202F" : "\u00A0", content.unit, number(content.low), in_french ? "\u202F;" : ";", number(content.high));
}

double content_scale(const FieldCheck& check) {
    const double high = check.interval_high.value_or(0);
    if (check.unit == "%") return 100;
    if (!(high > 0)) return 1;
    // The next of 1, 2, 5 times a power of ten beyond a fifth more.
    const double wanted = 1.2 * high, power = std::pow(10, std::floor(std::log10(wanted)));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= wanted) return step * power;
    return 10 * power;
}

FieldCard field_card(const FieldCheck& check, const std::string& language) {
    const bool in_french = french(language);
    FieldCard card{.language = in_french ? "fr" : "en"};
    card.title = in_french ? "Contrôle d’un produit par spectroscopie proche infrarouge" : "Check of a product by near-infrared spectroscopy";
    if (!check.consent) {
        const auto refused = refusal_card(language);
        card.verdict = refused.headline;
        card.explanation = refused.explanation;
        return card;
    }
    explain(card, check, in_french);
    if (check.simulated) {
        card.stamp = in_french ? "SIMULÉ" : "SIMULATED";
    } else if (simulated_models(check)) {
        card.stamp = in_french ? "MODÈLE SIMULÉ" : "SIMULATED MODEL";
        card.notices.push_back(in_french ? "Les modèles utilisés n’ont appris que des spectres simulés\u202F: ils ne jugent rien de réel. Ce résultat ne dit rien de cet échantillon."
                                         : "The models that were used have learnt simulated spectra only: they judge nothing real. This result says nothing about this sample.");
    }
    card.limits_title = in_french ? "Ce que cette mesure ne voit pas" : "What this measurement cannot see";
    card.limits = limit_lines(check.simulated, in_french);
    card.advice_title = in_french ? "Quel que soit le résultat" : "Whatever the result";
    card.advice = advice_lines(in_french);
    return card;
}

std::string text_of(const FieldCard& card) {
    std::string text = card.title + "\n";
    if (!card.stamp.empty()) text += "*** " + card.stamp + " ***\n";
    text += "\n" + card.verdict + "\n";
    if (!card.content.empty()) text += card.content + "\n";
    for (const auto& line : card.notices) text += "! " + line + "\n";
    text += "\n";
    for (const auto& line : card.explanation) text += line + "\n";
    for (const auto& [title, lines] : {std::pair{&card.limits_title, &card.limits}, {&card.advice_title, &card.advice}}) {
        if (lines->empty()) continue;
        text += "\n" + *title + "\n";
        for (const auto& line : *lines) text += "- " + line + "\n";
    }
    return text;
}

std::string html_of(const FieldCard& card) {
    std::string html = std::format(kHtmlHead, card.language, escaped(card.title));
    for (const int top : {22, 62})
        if (!card.stamp.empty()) html += std::format("<div class=\"across\" style=\"top:{}%\" aria-hidden=\"true\">{}</div>\n", top, escaped(card.stamp));
    html += "<h1>" + escaped(card.title) + "</h1>\n";
    if (!card.stamp.empty()) html += "<p class=\"stamp\">" + escaped(card.stamp) + "</p>\n";
    html += "<p class=\"verdict\">" + escaped(card.verdict) + "</p>\n";
    if (!card.content.empty()) html += "<p class=\"content\">" + escaped(card.content) + "</p>\n";
    if (card.value && card.low && card.high && card.scale_high > 0) html += bar_of(card);
    for (const auto& line : card.notices) html += "<p class=\"notice\">" + escaped(line) + "</p>\n";
    for (const auto& line : card.explanation) html += "<p>" + escaped(line) + "</p>\n";
    if (!card.limits.empty()) html += "<h2>" + escaped(card.limits_title) + "</h2>\n" + list_html(card.limits);
    if (!card.advice.empty()) html += "<div class=\"advice\">\n<h2>" + escaped(card.advice_title) + "</h2>\n" + list_html(card.advice) + "</div>\n";
    return html + "</main>\n</body>\n</html>\n";
}

Result<void> write_field_card_html(const FieldCard& card, const std::string& path) {
    if (auto written = nir::write_file(path, html_of(card)); !written) return std::unexpected(from_device(std::move(written.error())));
    return {};
}

}  // namespace accalmie::session
