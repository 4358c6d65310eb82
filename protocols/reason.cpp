// SPDX-License-Identifier: Apache-2.0
#include "protocols/reason.h"

#include <format>

namespace accalmie::protocols {

std::string_view name_of(Source source) {
    switch (source) {
        case Source::clinician: return "clinician";
        case Source::patient: return "patient";
        case Source::timer: return "timer";
        case Source::player: return "player";
    }
    return "timer";
}

std::string_view name_of(ReasonCode code) {
    switch (code) {
        case ReasonCode::none: return "none";
        case ReasonCode::session_started: return "session_started";
        case ReasonCode::step_time_over: return "step_time_over";
        case ReasonCode::fell_from_peak: return "fell_from_peak";
        case ReasonCode::back_to_baseline: return "back_to_baseline";
        case ReasonCode::level_time_reached: return "level_time_reached";
        case ReasonCode::next_asked: return "next_asked";
        case ReasonCode::previous_asked: return "previous_asked";
        case ReasonCode::ceiling_reached: return "ceiling_reached";
        case ReasonCode::coping_asked: return "coping_asked";
        case ReasonCode::stopped: return "stopped";
        case ReasonCode::ended_early: return "ended_early";
        case ReasonCode::aftercare_ended: return "aftercare_ended";
        case ReasonCode::aftercare_over: return "aftercare_over";
        case ReasonCode::plan_over: return "plan_over";
        case ReasonCode::paused: return "paused";
        case ReasonCode::resumed: return "resumed";
        case ReasonCode::player_lost: return "player_lost";
        case ReasonCode::player_back: return "player_back";
        case ReasonCode::player_ready: return "player_ready";
        case ReasonCode::tracking_lost: return "tracking_lost";
        case ReasonCode::tracking_back: return "tracking_back";
        case ReasonCode::tracking_missing: return "tracking_missing";
        case ReasonCode::player_missing: return "player_missing";
        case ReasonCode::rating_due: return "rating_due";
        case ReasonCode::rating_answered: return "rating_answered";
        case ReasonCode::rating_declined: return "rating_declined";
        case ReasonCode::rating_entered: return "rating_entered";
        case ReasonCode::rating_unanswered: return "rating_unanswered";
        case ReasonCode::rating_withdrawn: return "rating_withdrawn";
        case ReasonCode::instruction: return "instruction";
    }
    return "none";
}

std::string duration_text(std::int64_t duration_ms) {
    if (duration_ms < 0) return '-' + duration_text(-duration_ms);
    if (duration_ms % 1000 != 0) {
        return duration_ms < 1000 ? std::format("{} ms", duration_ms) : std::format("{}.{:03} s", duration_ms / 1000, duration_ms % 1000);
    }
    const std::int64_t seconds = duration_ms / 1000;
    if (seconds < 120 && seconds % 60 != 0) return std::format("{} s", seconds);
    if (seconds % 60 == 0 && seconds > 0) return std::format("{} min", seconds / 60);
    return seconds == 0 ? "0 s" : std::format("{} min {} s", seconds / 60, seconds % 60);
}

namespace {

std::string_view who(Source source, bool french) {
    switch (source) {
        case Source::clinician: return french ? "par le clinicien" : "by the clinician";
        case Source::patient: return french ? "par le patient" : "by the patient";
        case Source::timer: return french ? "par la minuterie" : "by the timer";
        case Source::player: return french ? "par le programme du patient" : "by the patient's program";
    }
    return "";
}

std::string english_in_a_row(std::int64_t count) {
    if (count <= 1) return "once";
    return count == 2 ? "twice in a row" : std::format("{} times in a row", count);
}

std::string french_in_a_row(std::int64_t count) { return count <= 1 ? "une fois" : std::format("{} fois de suite", count); }

std::string english(const Reason& r) {
    switch (r.code) {
        case ReasonCode::none: return "";
        case ReasonCode::session_started: return std::format("session started {}", who(r.source, false));
        case ReasonCode::step_time_over: return std::format("time over ({})", duration_text(r.a));
        case ReasonCode::fell_from_peak: return std::format("fell {} % from peak {} {}", r.a, r.b, english_in_a_row(r.c));
        case ReasonCode::back_to_baseline: return std::format("within {} of baseline {} {}", r.a, r.b, english_in_a_row(r.c));
        case ReasonCode::level_time_reached: return std::format("time reached ({})", duration_text(r.a));
        case ReasonCode::next_asked: return std::format("moved on {}", who(r.source, false));
        case ReasonCode::previous_asked: return std::format("moved back {}", who(r.source, false));
        case ReasonCode::ceiling_reached: return std::format("rating {} reached the safety ceiling {}", r.a, r.b);
        case ReasonCode::coping_asked: return std::format("coping asked for {}", who(r.source, false));
        case ReasonCode::stopped: return std::format("stopped {}", who(r.source, false));
        case ReasonCode::ended_early: return std::format("closed {} before aftercare", who(r.source, false));
        case ReasonCode::aftercare_ended: return std::format("closed {} after {} of aftercare", who(r.source, false), duration_text(r.a));
        case ReasonCode::aftercare_over: return std::format("{} of aftercare given", duration_text(r.a));
        case ReasonCode::plan_over: return "last step over";
        case ReasonCode::paused: return std::format("paused {}", who(r.source, false));
        case ReasonCode::resumed: return std::format("resumed {}", who(r.source, false));
        case ReasonCode::player_lost: return "the patient's program was lost";
        case ReasonCode::player_back: return "the patient's program is back in the calm room; resume when the patient is ready";
        case ReasonCode::player_ready: return "the patient's program is ready";
        case ReasonCode::tracking_lost: return "head tracking was lost";
        case ReasonCode::tracking_back: return "head tracking is back; resume when the patient is ready";
        case ReasonCode::tracking_missing: return "head tracking is missing; wait until it is back";
        case ReasonCode::player_missing: return "the patient's program is missing; wait until it is back";
        case ReasonCode::rating_due: return std::format("rating due {} into the {}", duration_text(r.a), r.b == 1 ? "level" : "step");
        case ReasonCode::rating_answered: return "answered";
        case ReasonCode::rating_declined: return "declined";
        case ReasonCode::rating_entered: return "entered by the clinician";
        case ReasonCode::rating_unanswered: return std::format("no answer within {}: recorded as missing", duration_text(r.a));
        case ReasonCode::rating_withdrawn: return "question taken back";
        case ReasonCode::instruction: return "the step's instruction";
    }
    return "";
}

std::string french(const Reason& r) {
    switch (r.code) {
        case ReasonCode::none: return "";
        case ReasonCode::session_started: return std::format("séance commencée {}", who(r.source, true));
        case ReasonCode::step_time_over: return std::format("temps écoulé ({})", duration_text(r.a));
        case ReasonCode::fell_from_peak: return std::format("baisse de {} % depuis le pic {}, {}", r.a, r.b, french_in_a_row(r.c));
        case ReasonCode::back_to_baseline: return std::format("à {} points au plus de la ligne de base {}, {}", r.a, r.b, french_in_a_row(r.c));
        case ReasonCode::level_time_reached: return std::format("temps maximal atteint ({})", duration_text(r.a));
        case ReasonCode::next_asked: return std::format("passage à la suite demandé {}", who(r.source, true));
        case ReasonCode::previous_asked: return std::format("retour en arrière demandé {}", who(r.source, true));
        case ReasonCode::ceiling_reached: return std::format("la cotation {} atteint le plafond de sécurité {}", r.a, r.b);
        case ReasonCode::coping_asked: return std::format("étape d'apaisement demandée {}", who(r.source, true));
        case ReasonCode::stopped: return std::format("arrêt {}", who(r.source, true));
        case ReasonCode::ended_early: return std::format("séance close {} avant le temps de retour au calme", who(r.source, true));
        case ReasonCode::aftercare_ended:
            return std::format("séance close {} après {} de retour au calme", who(r.source, true), duration_text(r.a));
        case ReasonCode::aftercare_over: return std::format("{} de retour au calme effectuées", duration_text(r.a));
        case ReasonCode::plan_over: return "dernière étape terminée";
        case ReasonCode::paused: return std::format("pause demandée {}", who(r.source, true));
        case ReasonCode::resumed: return std::format("reprise {}", who(r.source, true));
        case ReasonCode::player_lost: return "le programme du patient a été perdu";
        case ReasonCode::player_back: return "le programme du patient est revenu dans la pièce calme ; reprenez quand le patient est prêt";
        case ReasonCode::player_ready: return "le programme du patient est prêt";
        case ReasonCode::tracking_lost: return "le suivi de la tête a été perdu";
        case ReasonCode::tracking_back: return "le suivi de la tête est revenu ; reprenez quand le patient est prêt";
        case ReasonCode::tracking_missing: return "le suivi de la tête manque ; attendez son retour";
        case ReasonCode::player_missing: return "le programme du patient manque ; attendez son retour";
        case ReasonCode::rating_due: return std::format("cotation prévue {} après le début {}", duration_text(r.a), r.b == 1 ? "du niveau" : "de l'étape");
        case ReasonCode::rating_answered: return "réponse donnée";
        case ReasonCode::rating_declined: return "réponse refusée";
        case ReasonCode::rating_entered: return "saisie par le clinicien";
        case ReasonCode::rating_unanswered: return std::format("pas de réponse en {} : notée manquante", duration_text(r.a));
        case ReasonCode::rating_withdrawn: return "question retirée";
        case ReasonCode::instruction: return "la consigne de l'étape";
    }
    return "";
}

}  // namespace

std::string text_of(const Reason& reason, std::string_view language) {
    return language.starts_with("fr") ? french(reason) : english(reason);
}

}  // namespace accalmie::protocols
