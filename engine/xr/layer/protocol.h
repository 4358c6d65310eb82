// SPDX-License-Identifier: Apache-2.0
// Owns: the text that LayerClient (console, tests) and our OpenXR API layer (in the player) exchange. The client listens on a filesystem
// AF_UNIX SOCK_SEQPACKET socket whose path the layer finds in ACCALMIE_XR_LAYER_SOCKET; the layer connects when an XrInstance is made.
// One packet is one line of words parted by one space; numbers as std::to_chars writes them.
//
//   to the layer                              meaning
//   aim X Y Z QX QY QZ QW | aim off           the right hand points along -z of this pose in STAGE space; off: no hand is seen
//   head X Y Z QX QY QZ QW | head off         where the head is, in STAGE space; off: where the runtime has it
//   gaze X Y Z QX QY QZ QW | gaze off         the eyes look along -z of this pose in STAGE space; off: no eye is seen
//   joints left|right X Y Z QX QY QZ QW APART SEEN   that hand's palm (-z along the fingers) in STAGE space, thumb and index tip so many
//                                             metres apart; SEEN 0: the runtime only guesses. joints left|right off: no such hand
//   select 0|1      stop 0|1                  a button of the right hand
//   fault NAME 0|1 MILLISECONDS FRAMES        see Fault
//   query ID                                  answered by: counters ID and kCounterFields integers
//
// A layer that somebody listens to says of the system that it tracks eyes and hands: the program asks before the first order can arrive.
//
// aim, select and stop take effect at the player's next xrSyncActions, in order; a button changes once a sync at most, so that the
// player reads every press. head, gaze, joints, fault and query take effect at the next call that the layer sees.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace accalmie::xr::layer {

inline constexpr const char* kSocketVariable = "ACCALMIE_XR_LAYER_SOCKET";
inline constexpr const char* kOldRuntimeVariable = "ACCALMIE_XR_LAYER_OLD_RUNTIME";  // set: instances of OpenXR 1.1 are refused
inline constexpr const char* kFixedFoveationVariable = "ACCALMIE_XR_LAYER_FIXED_FOVEATION";  // set: the runtime refuses dynamic foveation
inline constexpr const char* kLayerName = "XR_APILAYER_ACCALMIE_simulated_hands";
inline constexpr std::size_t kMaximumPacketBytes = 512;

enum class Fault : std::uint8_t {
    session_lost,           // calls of the session answer XR_ERROR_SESSION_LOST until it is destroyed
    loss_pending,           // one event: the session goes to LOSS_PENDING
    instance_lost,          // every call answers XR_ERROR_INSTANCE_LOST until the instance is destroyed
    instance_loss_pending,  // one event
    tracking_lost,          // views, head and hands lose their validity flags while on
    late_frames,            // xrWaitFrame sleeps MILLISECONDS more, for FRAMES frames (0: while on)
    not_focused,            // the session stays VISIBLE at most while on: no input arrives
    headset_off,            // the runtime is asked to end the session; EXITING is kept back while on, so that it stays IDLE
    exit,                   // the runtime is asked to end the session
    no_stage,               // sessions made while on know no STAGE space
    slow_frames,            // xrEndFrame sleeps MILLISECONDS before the runtime has the frame, for FRAMES frames (0: while on)
    recentre,               // one event: the runtime is about to move the origin of STAGE
};
inline constexpr std::array<std::string_view, 12> kFaultNames{"session_lost", "loss_pending", "instance_lost", "instance_loss_pending",
                                                             "tracking_lost", "late_frames", "not_focused", "headset_off", "exit", "no_stage", "slow_frames", "recentre"};

// Since the process began; they go on over new sessions and instances.
struct Counters {
    std::int64_t sessions = 0;             // created
    std::int64_t session_state = 0;        // XrSessionState as the program was told
    std::int64_t frames_begun = 0;         // xrBeginFrame
    std::int64_t frames_submitted = 0;     // xrEndFrame that the runtime took
    std::int64_t projection_frames = 0;    // of these, with a projection layer
    std::int64_t quad_frames = 0;          // of these, with a quad layer
    std::int64_t syncs = 0;                // xrSyncActions while focused
    // The number (1 is the first) of the frame in which the last `stop 1` could first be read, and in which it was read; 0: not yet.
    std::int64_t stop_readable_frame = 0;
    std::int64_t stop_read_frame = 0;
    std::int64_t profiles_taken = 0;    // xrSuggestInteractionProfileBindings that the runtime took
    std::int64_t profiles_refused = 0;  // and refused: a profile that it does not know, or a misspelt path
    std::int64_t depth_frames = 0;      // of projection_frames, those with a depth picture for each eye
    std::int64_t pulses = 0;            // xrApplyHapticFeedback that the runtime took
    std::int64_t refresh_mhz = 0;       // the display's rate that was asked for and granted, in thousandths of a hertz
    // Of the newest frame with a projection: the part of the picture, and where the left eye was in the layer's space, in micrometres.
    std::int64_t rect_width = 0, rect_height = 0;
    std::int64_t eye_x_um = 0, eye_y_um = 0, eye_z_um = 0;
    std::int64_t trackers = 0;          // of hands, that were made and not destroyed
    // Foveation, for which the layer stands in: profiles that were made and not destroyed, the last one's level (10 more: dynamic),
    // and swapchains that were given one.
    std::int64_t profiles = 0, foveation_level = 0, foveated = 0;
};
inline constexpr std::size_t kCounterFields = 23;

inline std::array<std::int64_t, kCounterFields> to_fields(const Counters& c) {
    return {c.sessions,    c.session_state, c.frames_begun,        c.frames_submitted, c.projection_frames,
            c.quad_frames, c.syncs,         c.stop_readable_frame, c.stop_read_frame,
            c.profiles_taken, c.profiles_refused, c.depth_frames, c.pulses, c.refresh_mhz,
            c.rect_width, c.rect_height, c.eye_x_um, c.eye_y_um, c.eye_z_um, c.trackers,
            c.profiles, c.foveation_level, c.foveated};
}

inline Counters from_fields(const std::array<std::int64_t, kCounterFields>& f) {
    return {f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10],
            f[11], f[12], f[13], f[14], f[15], f[16], f[17], f[18], f[19], f[20], f[21], f[22]};
}

inline std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(' ', begin), line.size());
        words.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

template <class Number>
std::optional<Number> to_number(std::string_view word) {
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

template <class Number, std::size_t count>
std::optional<std::array<Number, count>> to_numbers(const std::vector<std::string_view>& words, std::size_t first) {
    std::array<Number, count> values{};
    if (words.size() != first + count) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = to_number<Number>(words[first + i]);
        if (!value) return std::nullopt;
        values[i] = *value;
    }
    return values;
}

inline std::optional<Fault> fault_named(std::string_view name) {
    for (std::size_t i = 0; i < kFaultNames.size(); ++i)
        if (kFaultNames[i] == name) return static_cast<Fault>(i);
    return std::nullopt;
}

}  // namespace accalmie::xr::layer
