// SPDX-License-Identifier: Apache-2.0
// The desktop session, for a room without a headset: a window shows the left eye with the panel. The mouse aims, its left button selects,
// Escape stops, closing the window finishes. The head stays in the seat. SDL wants all of this on the program's main thread.
#define SDL_MAIN_HANDLED
#include <SDL2/SDL.h>
#include <SDL2/SDL_vulkan.h>

#include <algorithm>
#include <chrono>
#include <format>

#include <glm/gtx/quaternion.hpp>

#include "engine/gpu/device.h"
#include "engine/xr/plain_images.h"
#include "engine/xr/pose_math.h"
#include "engine/xr/session.h"
#include "engine/xr/window_presenter.h"

namespace accalmie::xr {
namespace {

constexpr float kIpd_m = 0.063f;
constexpr float kSeatedHead_m = 1.20f;
constexpr std::uint32_t kRing = 3;
constexpr std::int64_t kPeriod_ns = 1'000'000'000 / 60;
constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_SRGB;

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// SDL's video part and one window of it.
class Window {
public:
    static Result<std::unique_ptr<Window>> open(VkExtent2D extent) {
        SDL_SetMainReady();
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // the player's own handlers stay
        std::unique_ptr<Window> made(new Window);
        if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return failed("SDL_InitSubSystem");
        made->initialised_ = true;
        made->window_ = SDL_CreateWindow("Accalmie", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, static_cast<int>(extent.width),
                                         static_cast<int>(extent.height), SDL_WINDOW_VULKAN | SDL_WINDOW_RESIZABLE);
        if (made->window_ == nullptr) return failed("SDL_CreateWindow");
        return made;
    }
    ~Window() {
        if (window_ != nullptr) SDL_DestroyWindow(window_);
        if (initialised_) SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    static std::unexpected<Error> failed(const char* call) {
        return std::unexpected(Error{.message = std::format("{}: {}", call, SDL_GetError()), .hint = "no window can be opened here: set DISPLAY, or use --xr offscreen"});
    }
    SDL_Window* get() const { return window_; }
    VkExtent2D extent() const {
        int width = 0, height = 0;
        SDL_Vulkan_GetDrawableSize(window_, &width, &height);
        return {static_cast<std::uint32_t>(std::max(width, 0)), static_cast<std::uint32_t>(std::max(height, 0))};
    }
    std::vector<const char*> vulkan_extensions() const {
        unsigned count = 0;
        SDL_Vulkan_GetInstanceExtensions(window_, &count, nullptr);
        std::vector<const char*> names(count);
        SDL_Vulkan_GetInstanceExtensions(window_, &count, names.data());
        return names;
    }

private:
    Window() = default;
    SDL_Window* window_ = nullptr;
    bool initialised_ = false;
};

class DesktopVulkan final : public VulkanMaker {
public:
    explicit DesktopVulkan(std::vector<const char*> extensions) : plain_(gpu::make_plain_vulkan()), extensions_(std::move(extensions)) {}
    VkResult create_instance(const VkInstanceCreateInfo& info, VkInstance* instance) override { return plain_->create_instance(info, instance); }
    Result<VkPhysicalDevice> pick_physical_device(VkInstance instance) override { return plain_->pick_physical_device(instance); }
    VkResult create_device(VkPhysicalDevice physical_device, const VkDeviceCreateInfo& info, VkDevice* device) override {
        return plain_->create_device(physical_device, info, device);
    }
    std::vector<const char*> instance_extensions() const override { return extensions_; }
    std::vector<const char*> device_extensions() const override { return {VK_KHR_SWAPCHAIN_EXTENSION_NAME}; }

private:
    std::unique_ptr<VulkanMaker> plain_;
    std::vector<const char*> extensions_;
};

class DesktopSession final : public Session {
public:
    DesktopSession(std::unique_ptr<Window> window, VkExtent2D extent, const Options& options)
        : window_(std::move(window)), vulkan_(window_->vulkan_extensions()), extent_(extent) {
        head_.position_m.y = kSeatedHead_m;
        views_ = eyes_of_head(head_, kIpd_m, symmetric_fov(options.off_screen_fov_degrees, extent.width, extent.height));
    }
    ~DesktopSession() override { shutdown(); }

    VulkanMaker& vulkan() override { return vulkan_; }
    Result<void> init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) override;
    VkFormat color_format() const override { return kFormat; }
    VkExtent2D eye_extent() const override { return extent_; }
    std::span<const VkImage> color_images() const override { return color_.images(); }
    std::string runtime_name() const override { return std::format("desktop window ({})", SDL_GetCurrentVideoDriver()); }
    Result<Status> step_begin(Frame& frame) override;
    void relocate(Frame&) override {}  // the head stays in the seat
    Result<std::optional<VkImage>> acquire_quad_image() override {
        quad_held_ = true;
        return quad_.images()[next_quad_];
    }
    Result<void> step_end(const Frame& frame, const Quad& quad) override;
    void shutdown() override;

private:
    void take_events();
    Pose aim_at_mouse() const;
    std::optional<WindowPresenter::Panel> panel_on_screen(const Quad& quad) const;

    std::unique_ptr<Window> window_;
    DesktopVulkan vulkan_;
    VkExtent2D extent_, quad_extent_{};
    Pose head_;
    std::array<View, 2> views_;
    VkDevice device_ = VK_NULL_HANDLE;
    PlainImages color_, quad_;
    WindowPresenter presenter_;
    std::uint32_t next_color_ = 0, next_quad_ = 0;
    std::optional<std::uint32_t> shown_quad_;
    bool quad_held_ = false, finished_ = false;
    bool select_ = false, stop_ = false;
    bool clicked_ = false, stopped_ = false;  // since the last frame, so that a press shorter than one is read
    glm::vec2 mouse_px_{0};
};

Result<void> DesktopSession::init(const VulkanHandles& handles, std::uint32_t quad_width, std::uint32_t quad_height) {
    constexpr VkImageUsageFlags drawn = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
    constexpr VkImageUsageFlags painted = drawn | VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_SAMPLED_BIT;
    quad_extent_ = {quad_width, quad_height};
    auto color = PlainImages::create(handles, {kFormat, extent_, 2, drawn}, kRing);
    if (!color) return std::unexpected(color.error());
    auto quad = PlainImages::create(handles, {kFormat, quad_extent_, 1, painted}, kRing);
    if (!quad) return std::unexpected(quad.error());
    VkSurfaceKHR surface = VK_NULL_HANDLE;
    if (SDL_Vulkan_CreateSurface(window_->get(), handles.instance, &surface) != SDL_TRUE) return Window::failed("SDL_Vulkan_CreateSurface");
    auto presenter = WindowPresenter::create(handles, surface, window_->extent());
    if (!presenter) return std::unexpected(presenter.error());
    device_ = handles.device;
    color_ = std::move(*color);
    quad_ = std::move(*quad);
    presenter_ = std::move(*presenter);
    return {};
}

void DesktopSession::take_events() {
    for (SDL_Event event; SDL_PollEvent(&event) != 0;) {
        const bool left = event.button.button == SDL_BUTTON_LEFT;
        switch (event.type) {
            case SDL_QUIT: finished_ = true; break;
            case SDL_WINDOWEVENT: finished_ |= event.window.event == SDL_WINDOWEVENT_CLOSE; break;
            case SDL_KEYDOWN:
                if (event.key.keysym.sym == SDLK_ESCAPE) stop_ = stopped_ = true;
                break;
            case SDL_KEYUP: stop_ &= event.key.keysym.sym != SDLK_ESCAPE; break;
            case SDL_MOUSEBUTTONDOWN:
                if (left) select_ = clicked_ = true;
                break;
            case SDL_MOUSEBUTTONUP: select_ &= !left; break;
            case SDL_MOUSEMOTION: mouse_px_ = {event.motion.x, event.motion.y}; break;
            default: break;
        }
    }
}

// Along the ray from the shown eye through the mouse.
Pose DesktopSession::aim_at_mouse() const {
    int width = 1, height = 1;
    SDL_GetWindowSize(window_->get(), &width, &height);
    const VkExtent2D points{static_cast<std::uint32_t>(std::max(width, 1)), static_cast<std::uint32_t>(std::max(height, 1))};
    const PixelRect shown = fit(extent_, points);
    const glm::vec2 size(shown.right - shown.left, shown.bottom - shown.top);
    const glm::vec2 at = (mouse_px_ - glm::vec2(shown.left, shown.top)) / glm::max(size, glm::vec2(1));
    const Fov& fov = views_[0].fov;
    const glm::vec3 ray(glm::mix(std::tan(fov.left), std::tan(fov.right), at.x), glm::mix(std::tan(fov.up), std::tan(fov.down), at.y), -1);
    return compose(views_[0].world_from_eye, {glm::rotation(glm::vec3(0, 0, -1), glm::normalize(ray)), glm::vec3(0)});
}

// The panel faces the seat, so that its picture on the screen is a rectangle; what of it leaves the screen is cut.
std::optional<WindowPresenter::Panel> DesktopSession::panel_on_screen(const Quad& quad) const {
    if (!quad.visible || !shown_quad_) return std::nullopt;
    const Pose eye_from_quad = compose(inverse(views_[0].world_from_eye), quad.world_from_quad);
    const Fov& fov = views_[0].fov;
    glm::vec2 low(1e9f), high(-1e9f);
    for (const glm::vec2 corner : {glm::vec2(-0.5f, -0.5f), glm::vec2(0.5f, 0.5f), glm::vec2(-0.5f, 0.5f), glm::vec2(0.5f, -0.5f)}) {
        const glm::vec3 at = eye_from_quad.position_m + eye_from_quad.orientation * glm::vec3(corner * quad.size_m, 0);
        if (at.z > -0.05f) return std::nullopt;
        const glm::vec2 slope(at.x / -at.z, at.y / -at.z);
        const glm::vec2 pixel((slope.x - std::tan(fov.left)) / (std::tan(fov.right) - std::tan(fov.left)) * static_cast<float>(extent_.width),
                              (std::tan(fov.up) - slope.y) / (std::tan(fov.up) - std::tan(fov.down)) * static_cast<float>(extent_.height));
        low = glm::min(low, pixel);
        high = glm::max(high, pixel);
    }
    const glm::vec2 limit(extent_.width, extent_.height), picture(quad_extent_.width, quad_extent_.height);
    const glm::vec2 seen_low = glm::clamp(low, glm::vec2(0), limit), seen_high = glm::clamp(high, glm::vec2(0), limit);
    const glm::ivec2 from_low((seen_low - low) / (high - low) * picture), from_high((seen_high - low) / (high - low) * picture);
    const glm::ivec2 to_low(seen_low), to_high(seen_high);
    WindowPresenter::Panel panel{.image = quad_.images()[*shown_quad_]};
    panel.from = {from_low.x, from_low.y, std::min(from_high.x, static_cast<int>(quad_extent_.width)), std::min(from_high.y, static_cast<int>(quad_extent_.height))};
    panel.to = {to_low.x, to_low.y, to_high.x, to_high.y};
    if (panel.from.empty() || panel.to.empty()) return std::nullopt;
    return panel;
}

Result<Status> DesktopSession::step_begin(Frame& frame) {
    frame = Frame{};
    take_events();
    if (finished_) return Status::finished;
    frame.should_render = true;
    frame.predicted_display_time_ns = now_ns() + kPeriod_ns;
    frame.predicted_period_ns = kPeriod_ns;
    frame.views = views_;
    frame.world_from_head = head_;
    frame.input = {.select = select_ || clicked_, .stop = stop_ || stopped_, .aim_valid = true, .world_from_aim = aim_at_mouse()};
    clicked_ = stopped_ = false;
    frame.image_index = next_color_;
    return Status::running;
}

Result<void> DesktopSession::step_end(const Frame& frame, const Quad& quad) {
    if (finished_) return {};
    if (quad_held_) {
        shown_quad_ = next_quad_;
        next_quad_ = (next_quad_ + 1) % kRing;
        quad_held_ = false;
    }
    next_color_ = (next_color_ + 1) % kRing;
    return presenter_.present(color_.images()[frame.image_index], extent_, panel_on_screen(quad), window_->extent());
}

void DesktopSession::shutdown() {
    if (device_ == VK_NULL_HANDLE) return;
    vkDeviceWaitIdle(device_);
    presenter_ = {};
    color_ = {};
    quad_ = {};
    device_ = VK_NULL_HANDLE;
}

}  // namespace

Result<std::unique_ptr<Session>> make_desktop_session(const Options& options) {
    const VkExtent2D extent{options.width != 0 ? options.width : 1280, options.height != 0 ? options.height : 800};
    auto window = Window::open(extent);
    if (!window) return std::unexpected(window.error());
    return std::make_unique<DesktopSession>(std::move(*window), extent, options);
}

}  // namespace accalmie::xr
