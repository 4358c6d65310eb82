// SPDX-License-Identifier: Apache-2.0
// Owns: views of images that belong to somebody else (a swapchain), made when an image is first seen. Never: outlives forget().
// Thread: the frame thread.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/gpu/check.h"

namespace accalmie::render {

class TargetViews {
public:
    void reserve(std::size_t count) { known_.reserve(count); }

    struct Layers { std::uint32_t first = 0, count = 2; auto operator<=>(const Layers&) const = default; };
    // Both layers of an array image, or one.
    Result<VkImageView> of(VkDevice device, VkImage image, VkFormat format, VkImageAspectFlags aspect, Layers layers) {
        const auto known = std::ranges::find_if(known_, [&](const Known& each) { return each.image == image && each.layers == layers; });
        if (known != known_.end()) return known->view;
        VkImageViewCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
        info.image = image;
        info.viewType = layers.count > 1 ? VK_IMAGE_VIEW_TYPE_2D_ARRAY : VK_IMAGE_VIEW_TYPE_2D;
        info.format = format;
        info.subresourceRange = {aspect, 0, 1, layers.first, layers.count};
        VkImageView view = VK_NULL_HANDLE;
        ACCALMIE_VK_TRY(vkCreateImageView(device, &info, nullptr, &view));
        known_.push_back({image, layers, view});
        return view;
    }

    void forget(VkDevice device) {
        for (const Known& known : known_) vkDestroyImageView(device, known.view, nullptr);
        known_.clear();
    }

private:
    struct Known {
        VkImage image;
        Layers layers;
        VkImageView view;
    };
    std::vector<Known> known_;
};

}  // namespace accalmie::render
