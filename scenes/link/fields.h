// SPDX-License-Identifier: Apache-2.0
// Owns: the one list of each message's fields, in wire order. The serialiser and its tests walk messages through it.
// A test counts the members of every struct, so that a field that is forgotten here does not go unseen.
#pragma once

#include "scenes/link/messages.h"

namespace accalmie::link {

// fields(message, visit) calls visit(field...) once with all fields, in wire order.
template <class M>
struct Fields;

#define ACCALMIE_LINK_FIELDS(type, ...)                        \
    template <>                                                \
    struct Fields<type> {                                      \
        static decltype(auto) visit(auto& m, auto&& visitor) { \
            (void)m;                                           \
            return visitor(__VA_ARGS__);                       \
        }                                                      \
    }

ACCALMIE_LINK_FIELDS(Hello, m.version, m.language);
ACCALMIE_LINK_FIELDS(Heartbeat, m.count);
ACCALMIE_LINK_FIELDS(LoadScenes, m.scenes);
ACCALMIE_LINK_FIELDS(ShowScene, m.scene, m.level, m.cut);
ACCALMIE_LINK_FIELDS(ShowCalm, m.reason);
ACCALMIE_LINK_FIELDS(AskRating, m.request, m.minimum, m.maximum, m.question, m.low_anchor, m.high_anchor);
ACCALMIE_LINK_FIELDS(HideRating);
ACCALMIE_LINK_FIELDS(ShowText, m.text);
ACCALMIE_LINK_FIELDS(HideText);
ACCALMIE_LINK_FIELDS(PauseScene, m.paused);
ACCALMIE_LINK_FIELDS(SceneClock, m.session_ms, m.virtual_time);
ACCALMIE_LINK_FIELDS(SimulatedHands, m.head_position_m, m.head_orientation, m.aim_valid, m.aim_position_m, m.aim_orientation, m.select, m.stop);
ACCALMIE_LINK_FIELDS(Quit);
ACCALMIE_LINK_FIELDS(Ready, m.renderer, m.runtime, m.eye_width, m.eye_height, m.mirror_width, m.mirror_height, m.driver, m.samples);
ACCALMIE_LINK_FIELDS(SceneLoaded, m.scene, m.triangles, m.load_ms);
ACCALMIE_LINK_FIELDS(SceneShown, m.scene, m.level, m.frame);
ACCALMIE_LINK_FIELDS(CalmShown, m.reason, m.frame, m.frames_after_input);
ACCALMIE_LINK_FIELDS(RatingShown, m.request, m.frame);
ACCALMIE_LINK_FIELDS(RatingGiven, m.request, m.value, m.frame, m.how);
ACCALMIE_LINK_FIELDS(StopPressed, m.frame);
ACCALMIE_LINK_FIELDS(TrackingChanged, m.tracked);
ACCALMIE_LINK_FIELDS(RuntimeChanged, m.state, m.detail);
ACCALMIE_LINK_FIELDS(FrameTimes, m.frames, m.median_ms, m.p95_ms, m.worst_ms, m.missed, m.draws, m.triangles);
ACCALMIE_LINK_FIELDS(Fault, m.what, m.hint);
ACCALMIE_LINK_FIELDS(Goodbye);
ACCALMIE_LINK_FIELDS(ShownEye, m.position_m, m.orientation, m.left, m.right, m.up, m.down);
ACCALMIE_LINK_FIELDS(ShownFrame, m.frame, m.monotonic_ns, m.scene_time_s, m.level, m.brightness, m.drawn_width, m.drawn_height, m.calm,
                     m.head_position_m, m.head_orientation, m.left, m.right, m.panel, m.panel_value, m.dwell_percent, m.by_gaze);
ACCALMIE_LINK_FIELDS(ShownFrames, m.scene, m.frames, m.compressed);
ACCALMIE_LINK_FIELDS(PanelPlate, m.id, m.kind, m.language, m.text, m.low_anchor, m.high_anchor, m.minimum, m.maximum);
ACCALMIE_LINK_FIELDS(AskDose);
ACCALMIE_LINK_FIELDS(CueDose, m.cue, m.visible_s, m.central_s, m.gaze_s, m.sr_s, m.greatest_sr);
ACCALMIE_LINK_FIELDS(ExposureDose, m.scene, m.level, m.session_ms, m.seconds, m.gaze, m.cues);
ACCALMIE_LINK_FIELDS(DoseTold);
ACCALMIE_LINK_FIELDS(Comfort, m.seconds, m.frames, m.left_luminance, m.right_luminance, m.greatest_luminance, m.flashes, m.area_flashes,
                     m.flashes_in_a_second, m.head_median_deg_s, m.head_p95_deg_s, m.scene_deg_s, m.missed, m.late, m.motion_to_photon_ms);
ACCALMIE_LINK_FIELDS(HiddenMeshPart, m.left_points, m.right_points, m.first_point, m.tangents);
ACCALMIE_LINK_FIELDS(VoiceBlock, m.talk, m.sequence, m.spoken_ns, m.rehearsal, m.samples);
ACCALMIE_LINK_FIELDS(VoiceEnd, m.talk);
ACCALMIE_LINK_FIELDS(VoiceHeard, m.talk, m.heard, m.scene, m.person, m.length_ms, m.latency_ms, m.lost, m.why);

#undef ACCALMIE_LINK_FIELDS

}  // namespace accalmie::link
