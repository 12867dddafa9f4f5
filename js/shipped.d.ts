/** The names of what is shipped. A test keeps them equal to the folders in policies/. */

/**
 * The name of a shipped contract. Names work in runtimes with a file system; elsewhere import the contract from
 * `countersign/contracts/NAME`.
 */
export type ShippedContract =
  | 'api-versions'
  | 'coze-dpop'
  | 'coze-health'
  | 'coze-health-answer'
  | 'coze-kb'
  | 'coze-publish-answer'
  | 'coze-publish-status-answer'
  | 'coze-v2'
  | 'discord'
  | 'envelope'
  | 'envelope-answer'
  | 'event-standard'
  | 'feishu'
  | 'github'
  | 'hubspot-v1'
  | 'hubspot-v2'
  | 'hubspot-v3'
  | 'line'
  | 'paddle'
  | 'sendgrid'
  | 'shopify'
  | 'shopify-app-proxy'
  | 'slack'
  | 'square'
  | 'standard-webhooks'
  | 'standard-webhooks-v1a'
  | 'stripe'
  | 'sub2api'
  | 'sub2api-answer'
  | 'sub2api-unsigned'
  | 'svix'
  | 'twilio'
  | 'twilio-json'
  | 'x-webhook-sign';

/** The name of a shipped pack. Names work in runtimes with a file system. */
export type ShippedPack = 'api-lifecycle' | 'coze-migration' | 'kubernetes';

/** A name that is written in the code must be one of `Shipped`. One that is known only at run time may be any string. */
export type OneOf<Shipped extends string, Name extends string> = string extends Name ? Name : Shipped;
