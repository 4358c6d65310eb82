// SPDX-License-Identifier: Apache-2.0
// The words of a NIR result, in French and English: a value only with its interval, and always what the method cannot see.
#include <algorithm>
#include <cmath>
#include <format>

#include "clinician/session/nir_card.h"
#include "clinician/session/nir_session.h"

namespace accalmie::session {
namespace words {

bool french(const std::string& language) { return language.starts_with("fr"); }

std::string number(double value, double error, bool in_french) {
    const int digits = error > 0 ? std::clamp(-static_cast<int>(std::floor(std::log10(error))), 0, 9) : 6;
    std::string text = std::format("{:.{}f}", value, digits);
    if (in_french) std::ranges::replace(text, '.', ',');
    return text;
}

std::string content_line(const Content& content, bool in_french) {
    const auto value = number(content.value, content.error, in_french), low = number(content.low, content.error, in_french),
               high = number(content.high, content.error, in_french);
    const std::string unit = content.unit.empty() ? "" : (in_french && content.unit == "%" ? "\u202F" : "\u00A0") + content.unit;
    if (in_french) return std::format("Teneur estimée\u202F: {}{} (intervalle à 95\u202F%\u202F: de {} à {}{})", value, unit, low, high, unit);
    return std::format("Estimated content: {}{} (95% interval: {} to {}{})", value, unit, low, high, unit);
}

std::string interval_meaning(bool in_french) {
    return in_french ? "Sur cent mesures de ce genre, l’intervalle contient la vraie valeur environ quatre-vingt-quinze fois."
                     : "In a hundred such measurements, the interval holds the true value about ninety-five times.";
}

std::string model_line(const std::string& model_id, bool in_french) {
    return in_french ? std::format("Modèle\u202F: {}.", model_id) : std::format("Model: {}.", model_id);
}

std::string reason_line(const nir::Reason& reason, bool in_french) {
    switch (reason.kind) {
        case nir::Reason::Kind::residual:
            return in_french ? "Le spectre contient quelque chose que le modèle n’a jamais rencontré." : "The spectrum holds something that the model has never met.";
        case nir::Reason::Kind::distance:
            return in_french ? "Le spectre est trop éloigné de ceux qui ont servi à construire le modèle." : "The spectrum lies too far from those that the model was built on.";
        case nir::Reason::Kind::below_range:
            return in_french ? "La teneur serait plus basse que toutes celles que le modèle a apprises." : "The content would be lower than all those that the model has learnt.";
        case nir::Reason::Kind::above_range: break;
    }
    return in_french ? "La teneur serait plus haute que toutes celles que le modèle a apprises." : "The content would be higher than all those that the model has learnt.";
}

std::string measure_again(bool in_french) {
    return in_french ? "Mesurer de nouveau, puis demander une analyse de laboratoire." : "Measure again, then ask for a laboratory analysis.";
}

std::vector<std::string> limits(bool simulated, bool in_french) {
    std::vector<std::string> lines;
    if (simulated)
        lines.push_back(in_french ? "Spectre simulé\u202F: substances inventées, pour la répétition et les essais seulement."
                                  : "Simulated spectrum: made-up substances, for rehearsal and tests only.");
    if (in_french) {
        lines.insert(lines.end(), {"Le proche infrarouge ne voit pas ce qui est présent en petite quantité (quelques pour cent ou moins), même si cela agit fortement.",
                                   "Il ne voit que la matière proche de la surface\u202F: un échantillon inégal peut contenir autre chose ailleurs.",
                                   "Il ne connaît que ce sur quoi le modèle a été construit\u202F: «\u202Fdans le modèle\u202F» ne prouve ni l’identité ni l’innocuité.",
                                   "Ce résultat est une indication\u202F: une analyse de laboratoire le confirme ou l’infirme."});
    } else {
        lines.insert(lines.end(), {"Near infrared does not see what is there in a small amount (a few percent or less), even when its effect is strong.",
                                   "It sees only what lies near the surface: an uneven sample may hold something else elsewhere.",
                                   "It knows only what the model was built on: \"inside the model\" proves neither what it is nor that it is harmless.",
                                   "This result is an indication: a laboratory analysis confirms or refutes it."});
    }
    return lines;
}

}  // namespace words

namespace {

using words::french;

std::string title(bool in_french) { return in_french ? "Vérification par spectroscopie proche infrarouge" : "Verification by near-infrared spectroscopy"; }

std::string audience(bool in_french) {
    return in_french ? "Pour l’équipe soignante. Jamais montré au patient pendant une exposition." : "For the clinical team. Never shown to the patient during an exposure.";
}

}  // namespace

std::string verdict_words(nir::Verdict verdict, const std::string& language) {
    if (!french(language)) return std::string(nir::name_of(verdict));
    return verdict == nir::Verdict::inside ? "dans le modèle" : "hors du modèle\u202F: aucun de ceux-ci";
}

ResultCard result_card(const nir::Model& model, const nir::Prediction& prediction, bool simulated, const std::string& language) {
    const bool in_french = french(language);
    ResultCard card{.title = title(in_french), .limits = words::limits(simulated, in_french), .audience = audience(in_french)};
    const std::string model_words = words::model_line(model.id(), in_french);
    if (prediction.verdict == nir::Verdict::inside) {
        card.headline = words::content_line({prediction.value, prediction.interval_low, prediction.interval_high, model.unit, model.rmsecv}, in_french);
        card.explanation = {in_french ? "Le spectre ressemble à ceux sur lesquels le modèle a été construit." : "The spectrum is like those that the model was built on.",
                            words::interval_meaning(in_french) + " " + model_words};
        return card;
    }
    card.headline = in_french ? "Aucun de ceux que le modèle connaît\u202F: pas de valeur" : "None of those the model knows: no value is given";
    for (const auto& reason : prediction.reasons) card.explanation.push_back(words::reason_line(reason, in_french));
    card.explanation.push_back(words::measure_again(in_french) + " " + model_words);
    return card;
}

ResultCard refusal_card(const std::string& language) {
    const bool in_french = french(language);
    return {.title = title(in_french),
            .headline = in_french ? "Consentement refusé\u202F: rien n’a été mesuré" : "Consent refused: nothing was measured",
            .explanation = {in_french ? "Seul le refus est inscrit. Il n’a aucune conséquence sur les soins." : "Only the refusal is recorded. It has no consequence for care."},
            .limits = {},
            .audience = audience(in_french)};
}

}  // namespace accalmie::session
