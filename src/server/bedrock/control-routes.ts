import { createBatchJob, getBatchJob, listBatchJobs, stopBatchJob } from './control/batch-jobs.ts'
import {
  createCustomizationJob,
  getCustomizationJob,
  listCustomizationJobs,
  stopCustomizationJob,
} from './control/customization-jobs.ts'
import {
  createCustomModel,
  deleteCustomModel,
  getCustomModel,
  listCustomModels,
} from './control/custom-models.ts'
import {
  getFoundationModel,
  getFoundationModelAvailability,
  listFoundationModels,
} from './control/foundation-models.ts'
import { deleteImportedModel, getImportedModel, listImportedModels } from './control/imported-models.ts'
import { deleteLogging, getLogging, putLogging } from './control/invocation-logging.ts'
import { createModelCopyJob, getModelCopyJob, listModelCopyJobs } from './control/model-copy-jobs.ts'
import {
  createDeployment,
  deleteDeployment,
  getDeployment,
  listDeployments,
  updateDeployment,
} from './control/model-deployments.ts'
import { createModelImportJob, getModelImportJob, listModelImportJobs } from './control/model-import-jobs.ts'
import {
  createProvisionedThroughput,
  deleteProvisionedThroughput,
  getProvisionedThroughput,
  listProvisionedThroughputs,
  updateProvisionedThroughput,
} from './control/provisioned-throughput.ts'
import { listTags, tagResource, untagResource } from './control/resource-tags.ts'
import type { Operation, Route } from './routes.ts'

const route = (name: string, method: string, path: string, status: number, operation: Operation): Route => ({
  name,
  method,
  path,
  status,
  operation,
})

const deployments = '/model-customization/custom-model-deployments'

/** The operations of the control plane that are served, with the status of their success. */
export const controlRoutes: readonly Route[] = [
  route('CreateModelCustomizationJob', 'POST', '/model-customization-jobs', 201, createCustomizationJob),
  route('ListModelCustomizationJobs', 'GET', '/model-customization-jobs', 200, listCustomizationJobs),
  route('GetModelCustomizationJob', 'GET', '/model-customization-jobs/*', 200, getCustomizationJob),
  route('StopModelCustomizationJob', 'POST', '/model-customization-jobs/*/stop', 200, stopCustomizationJob),
  route('CreateCustomModel', 'POST', '/custom-models/create-custom-model', 202, createCustomModel),
  route('ListCustomModels', 'GET', '/custom-models', 200, listCustomModels),
  route('GetCustomModel', 'GET', '/custom-models/*', 200, getCustomModel),
  route('DeleteCustomModel', 'DELETE', '/custom-models/*', 200, deleteCustomModel),
  route('CreateModelCopyJob', 'POST', '/model-copy-jobs', 201, createModelCopyJob),
  route('ListModelCopyJobs', 'GET', '/model-copy-jobs', 200, listModelCopyJobs),
  route('GetModelCopyJob', 'GET', '/model-copy-jobs/*', 200, getModelCopyJob),
  route('CreateModelImportJob', 'POST', '/model-import-jobs', 201, createModelImportJob),
  route('ListModelImportJobs', 'GET', '/model-import-jobs', 200, listModelImportJobs),
  route('GetModelImportJob', 'GET', '/model-import-jobs/*', 200, getModelImportJob),
  route('ListImportedModels', 'GET', '/imported-models', 200, listImportedModels),
  route('GetImportedModel', 'GET', '/imported-models/*', 200, getImportedModel),
  route('DeleteImportedModel', 'DELETE', '/imported-models/*', 200, deleteImportedModel),
  route(
    'CreateProvisionedModelThroughput',
    'POST',
    '/provisioned-model-throughput',
    201,
    createProvisionedThroughput,
  ),
  route(
    'ListProvisionedModelThroughputs',
    'GET',
    '/provisioned-model-throughputs',
    200,
    listProvisionedThroughputs,
  ),
  route(
    'GetProvisionedModelThroughput',
    'GET',
    '/provisioned-model-throughput/*',
    200,
    getProvisionedThroughput,
  ),
  route(
    'UpdateProvisionedModelThroughput',
    'PATCH',
    '/provisioned-model-throughput/*',
    200,
    updateProvisionedThroughput,
  ),
  route(
    'DeleteProvisionedModelThroughput',
    'DELETE',
    '/provisioned-model-throughput/*',
    200,
    deleteProvisionedThroughput,
  ),
  route('CreateCustomModelDeployment', 'POST', deployments, 202, createDeployment),
  route('ListCustomModelDeployments', 'GET', deployments, 200, listDeployments),
  route('GetCustomModelDeployment', 'GET', `${deployments}/*`, 200, getDeployment),
  route('UpdateCustomModelDeployment', 'PATCH', `${deployments}/*`, 202, updateDeployment),
  route('DeleteCustomModelDeployment', 'DELETE', `${deployments}/*`, 200, deleteDeployment),
  route('CreateModelInvocationJob', 'POST', '/model-invocation-job', 200, createBatchJob),
  route('ListModelInvocationJobs', 'GET', '/model-invocation-jobs', 200, listBatchJobs),
  route('GetModelInvocationJob', 'GET', '/model-invocation-job/*', 200, getBatchJob),
  route('StopModelInvocationJob', 'POST', '/model-invocation-job/*/stop', 200, stopBatchJob),
  route('PutModelInvocationLoggingConfiguration', 'PUT', '/logging/modelinvocations', 200, putLogging),
  route('GetModelInvocationLoggingConfiguration', 'GET', '/logging/modelinvocations', 200, getLogging),
  route(
    'DeleteModelInvocationLoggingConfiguration',
    'DELETE',
    '/logging/modelinvocations',
    200,
    deleteLogging,
  ),
  route('ListFoundationModels', 'GET', '/foundation-models', 200, listFoundationModels),
  route('GetFoundationModel', 'GET', '/foundation-models/*', 200, getFoundationModel),
  route(
    'GetFoundationModelAvailability',
    'GET',
    '/foundation-model-availability/*',
    200,
    getFoundationModelAvailability,
  ),
  route('TagResource', 'POST', '/tagResource', 200, tagResource),
  route('UntagResource', 'POST', '/untagResource', 200, untagResource),
  route('ListTagsForResource', 'POST', '/listTagsForResource', 200, listTags),
]
