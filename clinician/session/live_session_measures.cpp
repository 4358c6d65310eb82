// SPDX-License-Identifier: Apache-2.0
// What the player measured, as rows: the exposure dose and the comfort of the eyes. In virtual time the session's end waits until the dose
// up to it was told, so that the same session has the same dose.
#include "clinician/session/live_session_impl.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "clinician/session/rows.h"

namespace accalmie::session {

using nlohmann::json;

namespace {

// A millionth is finer than any of it is measured, and keeps payloads short.
double rounded(float value) { return std::round(static_cast<double>(value) * 1e6) / 1e6; }

// What is not known has no field.
void put_known(json& payload, const char* name, float value) {
    if (value >= 0) payload[name] = rounded(value);
}
void put_known(json& payload, const char* name, std::int32_t value) {
    if (value >= 0) payload[name] = value;
}

}  // namespace

void LiveSession::Impl::take_dose(const link::ExposureDose& dose) {
    if (!started_ || dose.cues.empty()) return;
    json cues = json::array();
    for (const link::CueDose& cue : dose.cues)
        cues.push_back({{"central_s", rounded(cue.central_s)}, {"cue", cue.cue}, {"gaze_s", rounded(cue.gaze_s)}, {"greatest_sr", rounded(cue.greatest_sr)},
                        {"sr_s", rounded(cue.sr_s)}, {"visible_s", rounded(cue.visible_s)}});
    const json payload = {{"cues", cues}, {"gaze", dose.gaze}, {"level", dose.level}, {"scene", dose.scene}, {"seconds", rounded(dose.seconds)}};
    write(measurement_row(view.session_id, dose.session_ms >= 0 ? dose.session_ms : now_ms(), "dose", payload.dump(-1, ' ', false, json::error_handler_t::replace)));
}

void LiveSession::Impl::take_comfort(const link::Comfort& comfort) {
    if (!started_ || view.finished) return;
    json payload = {{"frames", comfort.frames}, {"missed", comfort.missed}, {"scene_deg_s", rounded(comfort.scene_deg_s)}, {"seconds", rounded(comfort.seconds)}};
    put_known(payload, "left_luminance", comfort.left_luminance);
    put_known(payload, "right_luminance", comfort.right_luminance);
    put_known(payload, "greatest_luminance", comfort.greatest_luminance);
    put_known(payload, "flashes", comfort.flashes);
    put_known(payload, "area_flashes", comfort.area_flashes);
    put_known(payload, "flashes_in_a_second", comfort.flashes_in_a_second);
    put_known(payload, "head_median_deg_s", comfort.head_median_deg_s);
    put_known(payload, "head_p95_deg_s", comfort.head_p95_deg_s);
    put_known(payload, "late", comfort.late);
    put_known(payload, "motion_to_photon_ms", comfort.motion_to_photon_ms);
    measure("comfort", payload);
}

void LiveSession::Impl::finish_with_dose(const std::string& outcome) {
    if (!setup.virtual_time || !player_running_) return finish(outcome);
    dose_pending_ = true;
    send(link::AskDose{});
}

// Also when the player that was asked is gone: then the dose ends where it was told last.
void LiveSession::Impl::dose_told() {
    if (std::exchange(dose_pending_, false) && outcome_) finish(*outcome_);
}

}  // namespace accalmie::session
