// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/gpu_canvas.h"

#include <array>
#include <cstring>

#include <imgui_impl_vulkan.h>

namespace accalmie::console {

namespace {

Result<VkRenderPass> make_pass(VkDevice device) {
    VkAttachmentDescription color{};
    color.format = VK_FORMAT_R8G8B8A8_UNORM;
    color.samples = VK_SAMPLE_COUNT_1_BIT;
    color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    color.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    color.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
    color.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    color.initialLayout = VK_IMAGE_LAYOUT_UNDEFINED;
    color.finalLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkSubpassDescription subpass{};
    subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
    subpass.colorAttachmentCount = 1;
    subpass.pColorAttachments = &reference;
    // The picture's last reader was a copy to the window or to memory; its next reader is one again.
    std::array<VkSubpassDependency, 2> order{};
    order[0] = {VK_SUBPASS_EXTERNAL, 0, VK_PIPELINE_STAGE_TRANSFER_BIT | VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT,
                VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT, VK_ACCESS_TRANSFER_READ_BIT, VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT, 0};
    order[1] = {0, VK_SUBPASS_EXTERNAL, VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT, VK_PIPELINE_STAGE_TRANSFER_BIT,
                VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT, VK_ACCESS_TRANSFER_READ_BIT, 0};
    VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
    info.attachmentCount = 1;
    info.pAttachments = &color;
    info.subpassCount = 1;
    info.pSubpasses = &subpass;
    info.dependencyCount = static_cast<std::uint32_t>(order.size());
    info.pDependencies = order.data();
    VkRenderPass pass = VK_NULL_HANDLE;
    if (auto made = check(vkCreateRenderPass(device, &info, nullptr, &pass), "vkCreateRenderPass"); !made) return std::unexpected(made.error());
    return pass;
}

}  // namespace

Result<void> GpuCanvas::open(std::uint32_t width, std::uint32_t height) {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, 8};
    VkDescriptorPoolCreateInfo pool{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
    pool.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
    pool.maxSets = 8;
    pool.poolSizeCount = 1;
    pool.pPoolSizes = &size;
    if (auto made = check(vkCreateDescriptorPool(gpu_.device(), &pool, nullptr, &descriptors_), "vkCreateDescriptorPool"); !made) return made;
    auto pass = make_pass(gpu_.device());
    if (!pass) return std::unexpected(pass.error());
    pass_ = *pass;

    VkCommandPoolCreateInfo commands{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    commands.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    commands.queueFamilyIndex = gpu_.family();
    if (auto made = check(vkCreateCommandPool(gpu_.device(), &commands, nullptr, &pool_), "vkCreateCommandPool"); !made) return made;
    VkCommandBufferAllocateInfo buffers{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    buffers.commandPool = pool_;
    buffers.commandBufferCount = 2;
    std::array<VkCommandBuffer, 2> made_buffers{};
    if (auto made = check(vkAllocateCommandBuffers(gpu_.device(), &buffers, made_buffers.data()), "vkAllocateCommandBuffers"); !made) return made;
    commands_ = made_buffers[0];
    transfer_ = made_buffers[1];
    VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO, nullptr, VK_FENCE_CREATE_SIGNALED_BIT};
    if (auto made = check(vkCreateFence(gpu_.device(), &fence, nullptr, &fence_), "vkCreateFence"); !made) return made;
    VkSamplerCreateInfo sampler{VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO};
    sampler.magFilter = sampler.minFilter = VK_FILTER_LINEAR;
    sampler.addressModeU = sampler.addressModeV = sampler.addressModeW = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
    if (auto made = check(vkCreateSampler(gpu_.device(), &sampler, nullptr, &sampler_), "vkCreateSampler"); !made) return made;

    ImGui_ImplVulkan_InitInfo info{};
    info.Instance = gpu_.instance();
    info.PhysicalDevice = gpu_.physical();
    info.Device = gpu_.device();
    info.QueueFamily = gpu_.family();
    info.Queue = gpu_.queue();
    info.DescriptorPool = descriptors_;
    info.MinImageCount = info.ImageCount = 2;
    info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
    imgui_open_ = ImGui_ImplVulkan_Init(&info, pass_);
    if (!imgui_open_ || !ImGui_ImplVulkan_CreateFontsTexture())
        return std::unexpected(Error{"the console's fonts do not reach the graphics device", "update the graphics driver"});
    return resize(width, height);
}

Result<void> GpuCanvas::resize(std::uint32_t width, std::uint32_t height) {
    if (image_.width == width && image_.height == height) return {};
    vkDeviceWaitIdle(gpu_.device());
    if (framebuffer_) vkDestroyFramebuffer(gpu_.device(), framebuffer_, nullptr);
    framebuffer_ = VK_NULL_HANDLE;
    gpu_.destroy(image_);
    gpu_.destroy(readback_);
    drawn_ = false;
    auto image = gpu_.make_image(width, height, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT);
    if (!image) return std::unexpected(image.error());
    image_ = *image;
    VkFramebufferCreateInfo info{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
    info.renderPass = pass_;
    info.attachmentCount = 1;
    info.pAttachments = &image_.view;
    info.width = width;
    info.height = height;
    info.layers = 1;
    return check(vkCreateFramebuffer(gpu_.device(), &info, nullptr, &framebuffer_), "vkCreateFramebuffer");
}

void GpuCanvas::fonts_changed() {
    vkDeviceWaitIdle(gpu_.device());
    ImGui_ImplVulkan_DestroyFontsTexture();
    ImGui_ImplVulkan_CreateFontsTexture();
}

GpuCanvas::~GpuCanvas() {
    VkDevice device = gpu_.device();
    if (!device) return;
    vkDeviceWaitIdle(device);
    if (mirror_set_) ImGui_ImplVulkan_RemoveTexture(mirror_set_);
    if (imgui_open_) ImGui_ImplVulkan_Shutdown();
    gpu_.destroy(mirror_);
    gpu_.destroy(mirror_staging_);
    gpu_.destroy(readback_);
    vkDestroyFramebuffer(device, framebuffer_, nullptr);
    gpu_.destroy(image_);
    vkDestroySampler(device, sampler_, nullptr);
    vkDestroyFence(device, fence_, nullptr);
    vkDestroyCommandPool(device, pool_, nullptr);
    vkDestroyRenderPass(device, pass_, nullptr);
    vkDestroyDescriptorPool(device, descriptors_, nullptr);
}

Result<void> GpuCanvas::wait() { return check(vkWaitForFences(gpu_.device(), 1, &fence_, VK_TRUE, 5'000'000'000), "vkWaitForFences"); }

Result<void> GpuCanvas::run_and_wait(const auto& record) {
    if (auto waited = wait(); !waited) return waited;
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
    if (auto begun = check(vkBeginCommandBuffer(transfer_, &begin), "vkBeginCommandBuffer"); !begun) return begun;
    record(transfer_);
    if (auto ended = check(vkEndCommandBuffer(transfer_), "vkEndCommandBuffer"); !ended) return ended;
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &transfer_;
    vkResetFences(gpu_.device(), 1, &fence_);
    if (auto sent = check(vkQueueSubmit(gpu_.queue(), 1, &submit, fence_), "vkQueueSubmit"); !sent) return sent;
    return wait();
}

Result<ImTextureID> GpuCanvas::mirror(std::uint32_t width, std::uint32_t height, std::uint64_t frame, const std::vector<std::uint8_t>* rgba) {
    const std::size_t bytes = static_cast<std::size_t>(width) * height * 4;
    if (!rgba || bytes == 0 || rgba->size() < bytes) return mirror_set_;
    const bool fresh = mirror_.width != width || mirror_.height != height;
    if (!fresh && frame == mirror_frame_) return mirror_set_;
    if (fresh) {
        vkDeviceWaitIdle(gpu_.device());
        if (mirror_set_) ImGui_ImplVulkan_RemoveTexture(mirror_set_);
        mirror_set_ = VK_NULL_HANDLE;
        gpu_.destroy(mirror_);
        gpu_.destroy(mirror_staging_);
        auto image = gpu_.make_image(width, height, VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT);
        if (!image) return std::unexpected(image.error());
        mirror_ = *image;
        auto staging = gpu_.make_buffer(bytes, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
        if (!staging) return std::unexpected(staging.error());
        mirror_staging_ = *staging;
        mirror_set_ = ImGui_ImplVulkan_AddTexture(sampler_, mirror_.view, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
    }
    if (auto waited = wait(); !waited) return std::unexpected(waited.error());
    std::memcpy(mirror_staging_.data, rgba->data(), bytes);
    auto copied = run_and_wait([&](VkCommandBuffer commands) {
        barrier(commands, mirror_.image, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);
        VkBufferImageCopy region{};
        region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
        region.imageExtent = {width, height, 1};
        vkCmdCopyBufferToImage(commands, mirror_staging_.buffer, mirror_.image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
        barrier(commands, mirror_.image, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
    });
    if (!copied) return std::unexpected(copied.error());
    mirror_frame_ = frame;
    return mirror_set_;
}

Result<void> GpuCanvas::draw(ImDrawData* data) {
    if (auto waited = wait(); !waited) return waited;
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO, nullptr, VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT, nullptr};
    if (auto begun = check(vkBeginCommandBuffer(commands_, &begin), "vkBeginCommandBuffer"); !begun) return begun;
    const VkClearValue clear{{{0.055f, 0.075f, 0.09f, 1}}};
    VkRenderPassBeginInfo pass{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
    pass.renderPass = pass_;
    pass.framebuffer = framebuffer_;
    pass.renderArea.extent = {image_.width, image_.height};
    pass.clearValueCount = 1;
    pass.pClearValues = &clear;
    vkCmdBeginRenderPass(commands_, &pass, VK_SUBPASS_CONTENTS_INLINE);
    ImGui_ImplVulkan_RenderDrawData(data, commands_);
    vkCmdEndRenderPass(commands_);
    if (auto ended = check(vkEndCommandBuffer(commands_), "vkEndCommandBuffer"); !ended) return ended;
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &commands_;
    vkResetFences(gpu_.device(), 1, &fence_);
    if (auto sent = check(vkQueueSubmit(gpu_.queue(), 1, &submit, fence_), "vkQueueSubmit"); !sent) return sent;
    drawn_ = true;
    return {};
}

Result<std::vector<std::uint8_t>> GpuCanvas::read() {
    if (!drawn_) return std::unexpected(Error{"the console has drawn no picture yet", "ask for a picture after the first frame"});
    const std::size_t bytes = static_cast<std::size_t>(image_.width) * image_.height * 4;
    if (!readback_.buffer) {
        auto made = gpu_.make_buffer(bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT);
        if (!made) return std::unexpected(made.error());
        readback_ = *made;
    }
    auto copied = run_and_wait([&](VkCommandBuffer commands) {
        VkBufferImageCopy region{};
        region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
        region.imageExtent = {image_.width, image_.height, 1};
        vkCmdCopyImageToBuffer(commands, image_.image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, readback_.buffer, 1, &region);
        VkMemoryBarrier2 to_host{VK_STRUCTURE_TYPE_MEMORY_BARRIER_2, nullptr, VK_PIPELINE_STAGE_2_COPY_BIT, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                 VK_PIPELINE_STAGE_2_HOST_BIT, VK_ACCESS_2_HOST_READ_BIT};
        VkDependencyInfo dependency{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
        dependency.memoryBarrierCount = 1;
        dependency.pMemoryBarriers = &to_host;
        vkCmdPipelineBarrier2(commands, &dependency);
    });
    if (!copied) return std::unexpected(copied.error());
    std::vector<std::uint8_t> rgba(readback_.data, readback_.data + bytes);
    for (std::size_t i = 3; i < bytes; i += 4) rgba[i] = 255;
    return rgba;
}

}  // namespace accalmie::console
