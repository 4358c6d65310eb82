// SPDX-License-Identifier: Apache-2.0
// Owns: the way of one eye's picture, with the panel over it, back to the CPU: a ring of three read-backs for the live mirror and one
// more that is waited for. Also the panel's own copy, because a swapchain's quad image cannot be read once it was given back.
// Never: makes the frame loop wait (the blocking read apart). Thread: the frame thread.
#pragma once

#include <array>
#include <optional>

#include "engine/gpu/commands.h"
#include "engine/gpu/resources.h"
#include "engine/render/pipelines.h"
#include "engine/render/renderer.h"
#include "engine/shaders/shared.h"

namespace accalmie::render {

class Mirror {
public:
    static Result<std::unique_ptr<Mirror>> create(gpu::Device& device, VkSampler sampler, VkFormat eye_format, VkExtent2D eye_extent);
    ~Mirror();
    Mirror(const Mirror&) = delete;
    Mirror& operator=(const Mirror&) = delete;

    struct Request {
        VkImage target;
        int eye;
        xr::View view;
        xr::Quad quad;
        bool has_panel;
        VkExtent2D size;
        VkExtent2D drawn{0, 0};  // the part of the target that has the picture; no pixels: all of it
    };
    Result<Renderer::Picture> read(const Request& request);
    Result<bool> begin(const Request& request);
    Result<bool> poll(Renderer::Picture& picture);
    Result<void> upload_quad(VkImage target, VkExtent2D extent, std::span<const std::uint8_t> rgba);

private:
    struct Slot {
        gpu::Commands commands;
        gpu::Image picture;
        gpu::Buffer pixels;
        VkExtent2D size{0, 0};
        std::uint64_t sequence = 0;
        bool pending = false;
    };
    Mirror() = default;
    Result<void> make_pipeline();
    Result<void> make_set();
    void point_set_at(const gpu::Image& eye, const gpu::Image& panel);
    Result<void> fit(Slot& slot, VkExtent2D size);
    Result<void> start(Slot& slot, const Request& request);
    void record(Slot& slot, const Request& request) const;
    void copy_eye(VkCommandBuffer commands, const Request& request) const;
    Result<void> take(Slot& slot, Renderer::Picture& picture);

    gpu::Device* gpu_ = nullptr;
    VkDevice device_ = VK_NULL_HANDLE;
    VkSampler sampler_ = VK_NULL_HANDLE;
    VkExtent2D eye_extent_{};
    VkDescriptorSetLayout set_layout_ = VK_NULL_HANDLE;
    VkPipelineLayout layout_ = VK_NULL_HANDLE;
    VkPipeline pipeline_ = VK_NULL_HANDLE;
    VkDescriptorPool pool_ = VK_NULL_HANDLE;
    VkDescriptorSet set_ = VK_NULL_HANDLE;
    gpu::Image eye_, panel_;
    std::array<Slot, 3> ring_;
    Slot blocking_;
    std::uint64_t sequence_ = 0, shown_ = 0;
    struct QuadUpload {
        gpu::Commands commands;
        gpu::Buffer staging;
    };
    std::array<QuadUpload, 2> quad_uploads_;
    std::size_t next_quad_upload_ = 0;
};

// How the mirror's shader finds the panel: exposed for its test.
shader::MirrorBlock mirror_block(const Mirror::Request& request, VkExtent2D eye_extent);

}  // namespace accalmie::render
