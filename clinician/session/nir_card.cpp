// SPDX-License-Identifier: Apache-2.0
// The words of a NIR result, in French and English: a value only with its interval, and always what the method cannot see.
#include <algorithm>
#include <cmath>
#include <format>

#include "clinician/session/nir_session.h"

namespace accalmie::session {
namespace {

bool french(const std::string& language) { return language.starts_with("fr"); }

// One digit more than the error of the model, with the language's decimal sign.
std::string number(double value, double rmsecv, bool in_french) {
    const int digits = rmsecv > 0 ? std::clamp(-static_cast<int>(std::floor(std::log10(rmsecv))), 0, 9) : 6;
    std::string text = std::format("{:.{}f}", value, digits);
    if (in_french) std::ranges::replace(text, '.', ',');
    return text;
}

std::string value_line(const nir::Model& model, const nir::Prediction& prediction, bool in_french) {
    const auto value = number(prediction.value, model.rmsecv, in_french), low = number(prediction.interval_low, model.rmsecv, in_french),
               high = number(prediction.interval_high, model.rmsecv, in_french);
    const std::string unit = model.unit.empty() ? "" : "\u00A0" + model.unit;
    if (in_french) return std::format("Teneur estimée\u202F: {}{} (intervalle à 95\u202F%\u202F: de {} à {}{})", value, unit, low, high, unit);
    return std::format("Estimated content: {}{} (95% interval: {} to {}{})", value, unit, low, high, unit);
}

std::string reason_words(const nir::Reason& reason, bool in_french) {
    switch (reason.kind) {
        case nir::Reason::Kind::residual:
            return in_french ? "Le spectre contient quelque chose que le modèle n'a jamais rencontré." : "The spectrum holds something that the model has never met.";
        case nir::Reason::Kind::distance:
            return in_french ? "Le spectre est trop éloigné de ceux qui ont servi à construire le modèle." : "The spectrum lies too far from those that the model was built on.";
        case nir::Reason::Kind::below_range:
            return in_french ? "La teneur serait plus basse que toutes celles que le modèle a apprises." : "The content would be lower than all those that the model has learnt.";
        case nir::Reason::Kind::above_range: break;
    }
    return in_french ? "La teneur serait plus haute que toutes celles que le modèle a apprises." : "The content would be higher than all those that the model has learnt.";
}

std::vector<std::string> limits_of(bool simulated, bool in_french) {
    std::vector<std::string> limits;
    if (simulated)
        limits.push_back(in_french ? "Spectre simulé\u202F: substances inventées, pour la répétition et les essais seulement."
                                   : "Simulated spectrum: made-up substances, for rehearsal and tests only.");
    if (in_french) {
        limits.insert(limits.end(), {"Le proche infrarouge ne voit pas ce qui est présent en petite quantité (quelques pour cent ou moins), même si cela agit fortement.",
                                     "Il ne voit que la matière proche de la surface\u202F: un échantillon inégal peut contenir autre chose ailleurs.",
                                     "Il ne connaît que ce sur quoi le modèle a été construit\u202F: «\u202Fdans le modèle\u202F» ne prouve ni l'identité ni l'innocuité.",
                                     "Ce résultat est une indication\u202F: une analyse de laboratoire le confirme ou l'infirme."});
    } else {
        limits.insert(limits.end(), {"Near infrared does not see what is there in a small amount (a few percent or less), even when its effect is strong.",
                                     "It sees only what lies near the surface: an uneven sample may hold something else elsewhere.",
                                     "It knows only what the model was built on: \"inside the model\" proves neither identity nor safety.",
                                     "This result is an indication: a laboratory analysis confirms or refutes it."});
    }
    return limits;
}

std::string title(bool in_french) { return in_french ? "Vérification par spectroscopie proche infrarouge" : "Verification by near-infrared spectroscopy"; }

std::string audience(bool in_french) {
    return in_french ? "Pour l'équipe soignante. Jamais montré au patient pendant une exposition." : "For the clinical team. Never shown to the patient during an exposure.";
}

}  // namespace

std::string verdict_words(nir::Verdict verdict, const std::string& language) {
    if (!french(language)) return std::string(nir::name_of(verdict));
    return verdict == nir::Verdict::inside ? "dans le modèle" : "hors du modèle\u202F: aucun de ceux-ci";
}

ResultCard result_card(const nir::Model& model, const nir::Prediction& prediction, bool simulated, const std::string& language) {
    const bool in_french = french(language);
    ResultCard card{.title = title(in_french), .limits = limits_of(simulated, in_french), .audience = audience(in_french)};
    if (prediction.verdict == nir::Verdict::inside) {
        card.headline = value_line(model, prediction, in_french);
        card.explanation = {in_french ? "Le spectre ressemble à ceux sur lesquels le modèle a été construit." : "The spectrum is like those that the model was built on.",
                            in_french ? std::format("Sur cent mesures de ce genre, l'intervalle contient la vraie valeur environ quatre-vingt-quinze fois. Modèle\u202F: {}.", model.id())
                                      : std::format("In a hundred such measurements, the interval holds the true value about ninety-five times. Model: {}.", model.id())};
        return card;
    }
    card.headline = in_french ? "Aucun de ceux que le modèle connaît\u202F: pas de valeur" : "None of those the model knows: no value is given";
    for (const auto& reason : prediction.reasons) card.explanation.push_back(reason_words(reason, in_french));
    card.explanation.push_back(in_french ? std::format("Mesurer de nouveau, puis demander une analyse de laboratoire. Modèle\u202F: {}.", model.id())
                                         : std::format("Measure again, then ask for a laboratory analysis. Model: {}.", model.id()));
    return card;
}

ResultCard refusal_card(const std::string& language) {
    const bool in_french = french(language);
    return {.title = title(in_french),
            .headline = in_french ? "Consentement refusé\u202F: rien n'a été mesuré" : "Consent refused: nothing was measured",
            .explanation = {in_french ? "Seul le refus est inscrit. Il n'a aucune conséquence sur les soins." : "Only the refusal is recorded. It has no consequence for care."},
            .limits = {},
            .audience = audience(in_french)};
}

}  // namespace accalmie::session
