// SPDX-License-Identifier: Apache-2.0
// Owns: the one interface behind which a headset (OpenXR), a desktop window and an off-screen run are the same thing.
// The frame code above it does not know which one it draws for. Never: decides what is shown.
// Spaces: world is STAGE when the runtime has one, else LOCAL moved down by a seated eye height; metres, y up, -z forward.
// Thread: the player's frame thread. Time: nanoseconds of the runtime's clock (_ns).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>
#include <vulkan/vulkan.h>

#include "engine/error.h"

namespace accalmie::xr {

struct Pose {
    glm::quat orientation{1, 0, 0, 0};
    glm::vec3 position_m{0, 0, 0};
};

// Half angles in radians, left and down negative, as OpenXR has them.
struct Fov {
    float left = 0, right = 0, up = 0, down = 0;
    bool operator==(const Fov&) const = default;
};

struct View {
    Pose world_from_eye;
    Fov fov;
};

// What the patient does, whichever hand, controller or gaze did it.
struct Input {
    bool select = false;            // held
    bool stop = false;              // held: both menu buttons, or the stop action
    bool aim_valid = false;
    Pose world_from_aim;            // points along -z: controller or hand aim, else the eyes, else the head (gaze dwell)
    bool aim_is_head = false;       // no hand aims: the head does, or the eyes where they are tracked; then select by dwell
    bool aim_is_eyes = false;       // the eyes rather than the head
    bool aim_is_bare_hand = false;  // no controller in it: a pinch selects, both fists closed stop
};

enum class TrackingState : std::uint8_t { tracked, lost };

struct Frame {
    bool should_render = false;     // false: begin/end still have to be called
    std::int64_t predicted_display_time_ns = 0;
    std::int64_t predicted_period_ns = 0;
    std::array<View, 2> views{};
    Pose world_from_head;
    TrackingState tracking = TrackingState::tracked;
    std::optional<Pose> world_from_gaze;  // where the eyes look, along -z; only from a runtime that tracks them, and while it does
    Input input;
    std::uint32_t image_index = 0;  // which of color_images() to draw into
    // The part of it that is drawn, from its corner (dynamic resolution); step_end tells the runtime. No pixels: all of it.
    VkExtent2D extent{0, 0};
    // Where the resolved depth goes, an array of two layers as the colour: D32, handed out and left in DEPTH_STENCIL_ATTACHMENT_OPTIMAL,
    // near / distance. Null: nobody wants it. A frame that did not draw it sets it to null before step_end.
    VkImage depth_image = VK_NULL_HANDLE;
    bool recentred = false;         // the runtime moved the world's origin: what stands in the room has jumped for the patient
};

// A flat picture that hangs in the world (the rating panel). The compositor draws it: the runtime's on a headset.
struct Quad {
    Pose world_from_quad;
    glm::vec2 size_m{1, 1};
    bool visible = false;
};

enum class Status : std::uint8_t {
    running,
    idle,           // the runtime asks for no frames (headset off the head)
    lost,           // the runtime or the device is gone; the program may start a new session
    finished,       // the runtime or the user asked to end
};

// Vulkan objects made the way the runtime wants them; the off-screen and desktop backends make plain ones.
struct VulkanHandles {
    VkInstance instance = VK_NULL_HANDLE;
    VkPhysicalDevice physical_device = VK_NULL_HANDLE;
    VkDevice device = VK_NULL_HANDLE;
    std::uint32_t queue_family = 0;
    VkQueue queue = VK_NULL_HANDLE;
};

// How a backend wants Vulkan made. Each function may be empty: the plain call is made then.
class VulkanMaker {
public:
    virtual ~VulkanMaker() = default;
    virtual VkResult create_instance(const VkInstanceCreateInfo& info, VkInstance* instance) = 0;
    virtual Result<VkPhysicalDevice> pick_physical_device(VkInstance instance) = 0;
    virtual VkResult create_device(VkPhysicalDevice physical_device, const VkDeviceCreateInfo& info, VkDevice* device) = 0;
    virtual std::vector<const char*> instance_extensions() const { return {}; }
    virtual std::vector<const char*> device_extensions() const { return {}; }
};

// What the lenses hide of each eye's picture: triangles at distance 1 before the eye, x right and y up. Three points a triangle.
struct HiddenMesh {
    std::array<std::vector<glm::vec2>, 2> triangles;
};

struct Options {
    std::uint32_t width = 0, height = 0;  // of one eye; 0: what the runtime recommends (off-screen: 1024 x 1024)
    float off_screen_fov_degrees = 84;    // across, off-screen and desktop
    float refresh_hz = 90;                // OpenXR: asked of the display, the nearest that it has
    bool visibility_mask = true;          // OpenXR: off is the quirk no_visibility_mask
    bool foveation = true;                // OpenXR: coarser pixels away from the middle, where the runtime has them; off is the quirk no_foveation
    bool depth_layer = false;             // OpenXR: the depth picture is wanted and goes to the runtime, where it takes one
    float near_m = 0.05f;                 // where the depth picture is 1
    bool overlap = true;                  // OpenXR: the wait for the next frame begins while this one is drawn; false to measure without
};

// Order of use: vulkan() makes the device, init(), the frame loop, shutdown() while the device still lives; the device may go before or
// after the session object. A loss at any call is Status::lost at the next step_begin and later calls do nothing: make a new session
// with a new device. Colour and quad images are handed out, and have to be left, in COLOR_ATTACHMENT_OPTIMAL; their old content is gone.
class Session {
public:
    virtual ~Session() = default;

    virtual VulkanMaker& vulkan() = 0;
    // After the device exists: swapchains, spaces, actions. The quad's picture is quad_width x quad_height, RGBA8 sRGB.
    virtual Result<void> init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) = 0;

    virtual VkFormat color_format() const = 0;
    virtual VkExtent2D eye_extent() const = 0;
    virtual std::span<const VkImage> color_images() const = 0;  // arrays of two layers, left and right
    virtual std::string runtime_name() const = 0;

    // Polls events, waits for the frame, locates views, reads the actions. Blocks at most until the runtime says go.
    // Only Status::running opens a frame; at any other status step_end has nothing to do. idle sleeps 10 ms by itself.
    // While tracking is lost the frame carries the last good poses, and the runtime shows the picture fixed to the head.
    virtual Result<Status> step_begin(Frame& frame) = 0;
    // Views located again, late; called when the commands are recorded, just before submit. step_end tells the runtime the same poses.
    virtual void relocate(Frame& frame) = 0;
    // The runtime's clock, that of predicted_display_time_ns; nullopt where there is none to ask, or no display to be late for.
    virtual std::optional<std::int64_t> runtime_now_ns() const { return std::nullopt; }
    // The image to draw the panel into when its picture changes; nullopt while none is free. Released by step_end, after which it may
    // not be read any more (a mirror keeps its own copy). Usage: colour attachment, sampled, transfer source and destination.
    virtual Result<std::optional<VkImage>> acquire_quad_image() = 0;
    // Work that draws the frame was submitted to the queue before this call.
    virtual Result<void> step_end(const Frame& frame, const Quad& quad) = 0;
    // The hand that aims feels that its choice was taken. Nothing where no hand can feel.
    virtual void pulse() {}
    // The world is moved so that the head is over its origin and looks along -z; heights stay. false: there is no head to see now.
    virtual bool recentre() { return false; }
    // What the runtime has and what is used of it, one line for the log.
    // Given when it is new or has changed, else null; holds until the next step_begin.
    virtual const HiddenMesh* new_hidden_mesh() { return nullptr; }
    virtual std::string features() const { return {}; }
    virtual void shutdown() = 0;
};

struct SimulatedInput {            // off-screen: what the simulated hands do, set by the link
    Input input;
    Pose world_from_head{glm::quat(1, 0, 0, 0), glm::vec3(0, 1.20f, 0)};
};

Result<std::unique_ptr<Session>> make_openxr_session(const Options& options);
// `simulated` outlives the session and is read at each step_begin, on the same thread.
Result<std::unique_ptr<Session>> make_off_screen_session(const Options& options, const SimulatedInput* simulated);
Result<std::unique_ptr<Session>> make_desktop_session(const Options& options);

}  // namespace accalmie::xr
