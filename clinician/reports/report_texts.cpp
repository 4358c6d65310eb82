// SPDX-License-Identifier: Apache-2.0
#include "clinician/reports/report_texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>

namespace accalmie::reports {

std::string_view Texts::outcome(std::string_view recorded) const {
    if (recorded == "completed") return (*this)("completed", "terminée");
    if (recorded == "stopped") return (*this)("stopped", "arrêtée");
    return (*this)("interrupted", "interrompue");
}

std::string_view Texts::step_kind(protocols::StepKind kind) const {
    switch (kind) {
        case protocols::StepKind::baseline: return (*this)("Baseline", "Ligne de base");
        case protocols::StepKind::exposure: return (*this)("Exposure", "Exposition");
        case protocols::StepKind::coping: return (*this)("Coping", "Apaisement");
        case protocols::StepKind::aftercare: return (*this)("Aftercare", "Retour au calme");
    }
    return "";
}

std::string Texts::why(const records::Segment& segment) const {
    if (!segment.why) return segment.why_english;
    return protocols::text_of(*segment.why, french_ ? "fr" : "en");
}

std::string_view Texts::verdict(std::string_view recorded) const {
    if (recorded == "inside the model") return (*this)("inside the model", "dans le domaine du modèle");
    if (recorded == "outside the model: none of these") return (*this)("outside the model: none of these", "hors du domaine du modèle : aucun de ceux-ci");
    // Of a substance check, judged by several models (nir::name_of(Identity)).
    if (recorded == "identified") return (*this)("identified", "reconnu");
    if (recorded == "none of these") return (*this)("none of these", "aucun de ceux-ci");
    if (recorded == "more than one is possible") return (*this)("more than one is possible", "plus d'un est possible");
    return recorded;
}

std::string Texts::clock(std::int64_t t_ms, bool precise) const {
    return precise ? number(static_cast<double>(t_ms) / 1000, 1) + " s" : std::format("{}:{:02}", t_ms / 60'000, t_ms / 1000 % 60);
}

std::string Texts::duration(std::int64_t t_ms) const {
    if (t_ms < 60'000) return number(static_cast<double>(t_ms) / 1000, 1) + " s";
    const std::int64_t minutes = (t_ms + 30'000) / 60'000;
    return minutes < 60 ? std::format("{} min", minutes) : std::format("{} h {:02} min", minutes / 60, minutes % 60);
}

std::string Texts::date(const std::string& utc) const {
    static constexpr std::array<std::string_view, 12> english{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    static constexpr std::array<std::string_view, 12> french{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"};
    int month = 0, day = 0;
    if (utc.size() < 16) return utc;
    std::from_chars(utc.data() + 5, utc.data() + 7, month);
    std::from_chars(utc.data() + 8, utc.data() + 10, day);
    if (month < 1 || month > 12) return utc;
    const auto name = (french_ ? french : english)[static_cast<std::size_t>(month - 1)];
    return std::format("{}{} {} {}, {} UTC", day, french_ && day == 1 ? "er" : "", name, utc.substr(0, 4), utc.substr(11, 5));
}

std::string Texts::number(double value, int decimals) const {
    std::string text = std::format("{:.{}f}", value, decimals);
    if (french_) std::ranges::replace(text, '.', ',');
    return text;
}

}  // namespace accalmie::reports
